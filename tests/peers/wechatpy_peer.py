"""wechatpy's side of the tests in main.rs: reads one JSON object a line, answers with one JSON object a line.

seal: {key, token, appid, nonce, timestamp, message} -> {envelope}, what WeChat would push in safe mode
open: {key, token, appid, nonce, timestamp, signature, envelope} -> {message} or {error}
read: {xml} -> {push}, as wechatpy reads pushes
"""

import json
import sys

import xmltodict
from wechatpy.crypto import WeChatCrypto


def crypto(job):
    return WeChatCrypto(job["token"], job["key"], job["appid"])


def seal(job):
    return {"envelope": crypto(job).encrypt_message(job["message"], job["nonce"], job["timestamp"])}


def open_(job):
    try:
        message = crypto(job).decrypt_message(job["envelope"], job["signature"], job["timestamp"], job["nonce"])
    except Exception as error:  # each of its failures is an answer, whatever its type
        return {"error": type(error).__name__}
    return {"message": message}


def read(job):
    return {"push": xmltodict.parse(job["xml"])["xml"]}


def main():
    answer = {"seal": seal, "open": open_, "read": read}[sys.argv[1]]
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")


main()
