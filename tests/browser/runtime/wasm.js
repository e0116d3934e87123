/** `WXWebAssembly`, in the states in which real clients have it. */
import { settings } from './settings.js';
import { packageUrl } from './theme.js';

const PACKAGE_PATH = /^\/.*\.wasm(\.br)?$/;

async function instantiate(path, imports = {}) {
  if (typeof path !== 'string' || !PACKAGE_PATH.test(path)) {
    throw new TypeError(`WXWebAssembly.instantiate: "${path}" is not the path of a .wasm file in the package`);
  }
  const response = await fetch(packageUrl(path));
  if (!response.ok) throw new Error(`WXWebAssembly.instantiate: ${path} is not there`);
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}

const { Memory, Table, Global } = WebAssembly;

const MODES = {
  ok: { instantiate, Memory, Table, Global },
  missing: undefined,
  failing: { instantiate: () => Promise.reject(new Error('WXWebAssembly.instantiate: failed')), Memory, Table, Global },
  hanging: { instantiate: () => new Promise(() => {}), Memory, Table, Global },
};

export const WXWebAssembly = MODES[settings.wasm];
