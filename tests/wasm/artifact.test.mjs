// The built module and its script, from outside: does a client of 2020 load them, and do they answer?

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { loadCore, PACKAGE, WASM } from './host.mjs';

const wasm = fs.readFileSync(path.join(PACKAGE, WASM));
const packed = fs.readFileSync(path.join(PACKAGE, `${WASM}.br`));
const WASM_OPT = fileURLToPath(new URL('../../scripts/node_modules/.bin/wasm-opt', import.meta.url));
const MIB = 1024 * 1024;

/** What binaryen's validator, a second opinion beside the one of the build, says of a module. */
function complaint(bytes) {
  const { status, stderr, error } = spawnSync(WASM_OPT, ['--mvp-features', '-', '-o', '-'], { input: bytes });
  assert.ifError(error);
  return status === 0 ? undefined : String(stderr);
}

async function loaded(client) {
  const host = loadCore(client);
  await host.core.init(WASM);
  return { ...host, echo: (value) => JSON.parse(host.core.call('echo', JSON.stringify(value))) };
}

test('the module is WebAssembly of 2017', () => {
  assert.equal(complaint(wasm), undefined);
});

test('the check of features can fail', () => {
  const extend8 = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 10, 7, 1, 5, 0];
  assert.match(complaint(Buffer.from([...extend8, 0x20, 0, 0xc0, 0x0b])) ?? '', /extend8_s/);
});

test('the module exports functions and a memory, and imports functions only', () => {
  const module = new WebAssembly.Module(wasm);
  const exported = WebAssembly.Module.exports(module);
  assert.deepEqual([...new Set(exported.map(({ kind }) => kind))].sort(), ['function', 'memory']);
  assert.ok(exported.some(({ name }) => name === 'call'));
  assert.ok(WebAssembly.Module.imports(module).every(({ kind }) => kind === 'function'));
});

test('no function has more than three names', async () => {
  const { instances } = await loaded();
  const names = new Map();
  for (const [name, value] of Object.entries(instances[0].exports)) {
    names.set(value, [...(names.get(value) ?? []), name]);
  }
  for (const list of names.values()) {
    assert.ok(list.length <= 3, list.join(', '));
  }
});

test('the packed module is the module, within 90 KB', () => {
  assert.ok(zlib.brotliDecompressSync(packed).equals(wasm));
  assert.ok(packed.length <= 92_160, `${packed.length} bytes`);
});

test('nothing tells where the module was built', () => {
  assert.doesNotMatch(wasm.toString('latin1'), /\/home\/|\/root\/|\/Users\/|\.cargo/);
});

test('the host has nothing that a mini program lacks', () => {
  const names =
    'WebAssembly TextEncoder TextDecoder URL fetch crypto performance process Buffer globalThis Intl WeakRef document';
  for (const name of names.split(' ')) {
    assert.equal(loadCore().run(`typeof ${name}`), 'undefined', name);
  }
  assert.throws(() => loadCore().run('new Function("return 1")'), /Code generation from strings/);
});

test('it loads from a path of the package only, once', async () => {
  for (const file of [WASM, `${WASM}.br`]) {
    const { core, instances } = loadCore();
    await Promise.all([core.init(file), core.init(file)]);
    await core.init(file);
    assert.equal(instances.length, 1);
    assert.equal(core.call('echo', '1'), '{"ok":1}');
  }
  const { core } = loadCore();
  assert.deepEqual(
    Object.keys(core).filter((name) => name.startsWith('init')),
    ['init'],
  );
  for (const wrong of [
    wasm,
    'https://example.com/core.wasm',
    'core.wasm',
    '/../core.wasm',
    '/missing.wasm',
    undefined,
  ]) {
    await assert.rejects(core.init(wrong));
  }
  await core.init(WASM);
  assert.equal(core.call('echo', '1'), '{"ok":1}', 'a failed attempt does not spoil the next one');
});

test('a client without WXWebAssembly is told so', async () => {
  await assert.rejects(loadCore({ withoutWasm: true }).core.init(WASM), /WXWebAssembly is missing/);
});

test('create() makes an instance of its own', async () => {
  const { core, instances } = await loaded();
  const second = core.create();
  assert.throws(() => second.call('echo', '1'));
  await second.init(WASM);
  assert.equal(instances.length, 2);
  assert.equal(second.call('echo', '1'), '{"ok":1}');
});

for (const nativeText of [false, true]) {
  for (const bareInstance of [false, true]) {
    const client = { nativeText, bareInstance };
    test(`text passes unharmed on a client with ${JSON.stringify(client)}`, async () => {
      const { core, echo } = await loaded(client);
      const edges = '\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufeff\uffff\u{10000}\u{10ffff}';
      for (const text of ['', 'plain', '张伟𠮷，A区12排', '🎫👨‍👩‍👧📵', edges, 'é'.repeat(5000), '票🎫'.repeat(5000)]) {
        assert.deepEqual(echo({ [text]: text }), { ok: { [text]: text } });
      }
      assert.equal(core.call('echo', '"\ud83c票\udfab"'), '{"ok":"\ufffd票\ufffd"}', 'lone surrogates');
      assert.equal(core.call('echo', '"\udfab\ud83c"'), '{"ok":"\ufffd\ufffd"}', 'a pair the wrong way round');
    });
  }
}

test('wrong calls answer a problem and harm nothing', async () => {
  const { core } = await loaded();
  const deep = '['.repeat(100_000);
  for (const wrong of ['', '{', 'null null', '"\\ud83c"', '\u0000', '{"a":1e999}', deep, deep + ']'.repeat(100_000)]) {
    assert.equal(JSON.parse(core.call('echo', wrong)).problem.code, 'malformed_body', wrong.slice(0, 20));
  }
  assert.equal(JSON.parse(core.call('nothing', '{}')).problem.code, 'unknown_function');
  assert.equal(core.call('echo', '1'), '{"ok":1}');
});

test('calls of every day do not move the memory', async () => {
  // Some hosts do not detach the old buffer when the memory grows, and the script would go on reading it.
  const { echo, instances } = await loaded();
  const { memory } = instances[0].exports;
  const before = memory.buffer;
  for (let i = 0; i < 2000; i++) {
    echo({ i, text: '票'.repeat(i * 5) });
  }
  assert.equal(memory.buffer, before);
});

test('a large call moves the memory, and all is well', async () => {
  const { echo, instances } = await loaded();
  const { memory } = instances[0].exports;
  const before = memory.buffer.byteLength;
  for (const size of [MIB, 3 * MIB, 1]) {
    const text = '票'.repeat(size);
    assert.ok(echo(text).ok === text);
  }
  assert.ok(memory.buffer.byteLength > before);
});
