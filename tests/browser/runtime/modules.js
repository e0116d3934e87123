/** `require`: each module of the app runs once, when it is first asked for. */
import { appGlobal, compileModule } from './sandbox.js';

/**
 * @param {Record<string, string>} sources CommonJS by file name
 * @param {Record<string, unknown>} globals what WeChat gives every module
 */
export function createRequire(sources, globals) {
  const loaded = new Map();
  const all = { globalThis: appGlobal, global: appGlobal, ...globals };
  const parameters = ['require', 'module', 'exports', ...Object.keys(all)];
  const values = Object.values(all);

  return function require(name) {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const source = sources[name];
    if (source === undefined) throw new Error(`module '${name}' is not defined`);
    const module = { exports: {} };
    loaded.set(name, module);
    compileModule(name, source, parameters).call(undefined, require, module, module.exports, ...values);
    return module.exports;
  };
}
