// A JavaScript engine with no more in it than a mini program has: enough to run core.js as a client would.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import zlib from 'node:zlib';

/** The root of the mini program's package, which the paths of WXWebAssembly start from. */
export const PACKAGE = fileURLToPath(new URL('../../miniprogram/', import.meta.url));
export const WASM = '/core/generated/core.wasm';

/** What every new context of Node brings along and the logic layer of WeChat lacks, or has on new clients only. */
const ABSENT = ['Atomics', 'FinalizationRegistry', 'Intl', 'SharedArrayBuffer', 'WeakRef', 'WebAssembly', 'globalThis'];

/** The parameters of the function that WeChat's define() wraps around each file; all but three arrive undefined. */
const PARAMETERS =
  'require, module, exports, window, document, frames, self, location, navigator, localStorage, history, Caches, ' +
  'screen, alert, confirm, prompt, XMLHttpRequest, WebSocket, Reporter, webkit, WeixinJSCore';

/**
 * Loads core.js, not yet initialized.
 *
 * @param {object} [client] what this client has
 * @param {boolean} [client.nativeText] TextEncoder and TextDecoder
 * @param {boolean} [client.bareInstance] an `instantiate` that answers the instance itself
 * @param {boolean} [client.withoutWasm] no WXWebAssembly
 * @returns {{core: object, instances: object[], run: (source: string) => unknown}}
 */
export function loadCore({ nativeText = false, bareInstance = false, withoutWasm = false } = {}) {
  const instances = [];
  const globals = { console };
  if (nativeText) {
    Object.assign(globals, { TextEncoder, TextDecoder });
  }
  if (!withoutWasm) {
    globals.WXWebAssembly = {
      async instantiate(file, imports) {
        const { instance, module } = await WebAssembly.instantiate(readFromPackage(file), imports);
        instances.push(instance);
        return bareInstance ? { exports: instance.exports } : { instance, module };
      },
    };
  }
  const context = vm.createContext(globals, { codeGeneration: { strings: false, wasm: false } });
  const run = (source, filename) => vm.runInContext(source, context, { filename });
  run(ABSENT.map((name) => `delete this.${name};`).join(''));
  return { core: requireIn(run, path.join(PACKAGE, 'core/generated/core.js')), instances, run };
}

/** The bytes of a module, under the rules of WXWebAssembly: an absolute path inside the package and nothing else. */
function readFromPackage(file) {
  if (typeof file !== 'string' || !/^(\/[\w-]+)+\.wasm(\.br)?$/.test(file)) {
    throw new TypeError(`WXWebAssembly.instantiate takes a path inside the package, not ${String(file)}`);
  }
  const bytes = fs.readFileSync(path.join(PACKAGE, file));
  return file.endsWith('.br') ? zlib.brotliDecompressSync(bytes) : bytes;
}

function requireIn(run, file) {
  const module = { exports: {} };
  const define = run(`(function (${PARAMETERS}) {${fs.readFileSync(file, 'utf8')}\n})`, file);
  const require = (name) => {
    throw new Error(`core.js must stand alone, but requires ${name}`);
  };
  define.call(module.exports, require, module, module.exports);
  return module.exports;
}
