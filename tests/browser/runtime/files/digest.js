/** MD5 and SHA-1 of a file. The browser has no MD5 of its own. */
import { WxFailure } from '../failure.js';

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const TABLE = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const INDEX = [(i) => i, (i) => 5 * i + 1, (i) => 3 * i + 5, (i) => 7 * i];
const MIX = [
  (b, c, d) => (b & c) | (~b & d),
  (b, c, d) => (d & b) | (~d & c),
  (b, c, d) => b ^ c ^ d,
  (b, c, d) => c ^ (b | ~d),
];

function md5(bytes) {
  const padded = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 8, bytes.length << 3, true);
  padded.setUint32(padded.byteLength - 4, Math.floor(bytes.length / 2 ** 29), true);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.byteLength; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const word = padded.getUint32(block + (INDEX[round](i) % 16) * 4, true);
      const sum = (a + MIX[round](b, c, d) + TABLE[i] + word) | 0;
      const by = SHIFTS[round * 4 + (i % 4)];
      [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
    }
    [a, b, c, d].forEach((value, index) => (state[index] = (state[index] + value) | 0));
  }
  const out = new DataView(new ArrayBuffer(16));
  state.forEach((value, index) => out.setUint32(index * 4, value, true));
  return out.buffer;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {Uint8Array} bytes  @param {string} algorithm `md5`, `sha1` or `sha256`  @returns {Promise<string>} in hex */
export async function digest(bytes, algorithm = 'md5') {
  if (algorithm === 'md5') return hex(md5(bytes));
  const known = { sha1: 'SHA-1', sha256: 'SHA-256' }[algorithm];
  if (known !== undefined) return hex(await crypto.subtle.digest(known, bytes));
  throw new WxFailure(`parameter error: invalid digestAlgorithm "${algorithm}"`);
}
