// Asks the built module: a JSON array of {name, input} on standard input, the JSON array of its answers on standard
// output, in order. The Rust tests compare them with what the same rules answer natively.

import { text } from 'node:stream/consumers';
import { loadCore, WASM } from './host.mjs';

const { core } = loadCore();
await core.init(WASM);
const calls = JSON.parse(await text(process.stdin));
const answers = calls.map(({ name, input }) => JSON.parse(core.call(name, JSON.stringify(input))));
process.stdout.write(JSON.stringify(answers));
