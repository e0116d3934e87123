// How fast a phone can check a signature: the built module, JSON included, beside tweetnacl, which is what a mini
// program would use without it.
//
//   node tests/load/wasm-bench.mjs case.json
//
// case.json: {name, input, expect_key, public_key_hex, message_hex, signature_hex}. `call(name, input)` must answer an
// `ok` whose `expect_key` is true; the last three describe the same signature to tweetnacl.

import fs from 'node:fs';
import nacl from 'tweetnacl';
import { loadCore, WASM } from '../wasm/host.mjs';

const ROUNDS = 15;
const WARM_UP_MS = 500;
const ROUND_MS = 200;

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: node wasm-bench.mjs case.json');
  process.exit(2);
}
const given = JSON.parse(fs.readFileSync(file, 'utf8'));
const bytes = (name) => new Uint8Array(Buffer.from(given[name], 'hex'));
const [key, message, signature] = ['public_key_hex', 'message_hex', 'signature_hex'].map(bytes);
const { core } = loadCore();
await core.init(WASM);

const checks = {
  wasm: () => JSON.parse(core.call(given.name, JSON.stringify(given.input))).ok?.[given.expect_key] === true,
  tweetnacl: () => nacl.sign.detached.verify(message, signature, key),
};

/** Calls per second. A check that fails ends it all: a wrong answer is easily the fastest. */
function rate(check, milliseconds) {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    if (!check()) {
      throw new Error(`the signature of ${file} is refused by ${check.name}`);
    }
    calls++;
    elapsed = performance.now() - start;
  }
  return (calls * 1000) / elapsed;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

for (const check of Object.values(checks)) {
  rate(check, WARM_UP_MS);
}
// Interleaved, so that whatever else slows the machine slows both.
const rounds = [];
for (let i = 0; i < ROUNDS; i++) {
  rounds.push({ wasm: rate(checks.wasm, ROUND_MS), tweetnacl: rate(checks.tweetnacl, ROUND_MS) });
}
const result = {
  wasm_per_second: Math.round(median(rounds.map(({ wasm }) => wasm))),
  tweetnacl_per_second: Math.round(median(rounds.map(({ tweetnacl }) => tweetnacl))),
  ratio: Number(median(rounds.map(({ wasm, tweetnacl }) => wasm / tweetnacl)).toFixed(1)),
};
console.log(JSON.stringify(result));
