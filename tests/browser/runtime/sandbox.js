/**
 * Runs the app's modules where the browser cannot be seen. A mini program has the language, timers and `console`, but
 * no page: code that uses `document` or `fetch` must fail here as it would on a phone.
 */

/** `Intl` is left out on purpose: not every phone has it. */
const VISIBLE = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math ArrayBuffer
  Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray
  BigUint64Array BigInt64Array DataView Map Set WeakMap WeakSet WeakRef FinalizationRegistry BigInt Proxy Reflect
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN console
  setTimeout clearTimeout setInterval clearInterval`.split(/\s+/),
);

/** Everything the browser offers that a mini program does not have. */
function hiddenNames() {
  const names = new Set();
  for (let object = window; object !== null; object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) {
      if (!VISIBLE.has(name) && /^[a-zA-Z_$][\w$]*$/.test(name)) names.add(name);
    }
  }
  for (const name of ['globalThis', 'global', 'require', 'module', 'exports', 'process', 'setImmediate'])
    names.add(name);
  return [...names];
}

/** What `globalThis` is to the app: the language and nothing else. */
export const appGlobal = Object.fromEntries(
  [...VISIBLE].filter((name) => name in window).map((name) => [name, window[name]]),
);

/** The names are parameters without a value, so they are `undefined` to everything the inner `eval` makes. */
const evaluate = new Function(...hiddenNames(), `'use strict'; return (source) => eval(source);`)();

/**
 * @param {string} name file name, for the debugger and for stack traces
 * @param {string} source CommonJS
 * @param {string[]} parameters
 * @returns {Function}
 */
export function compileModule(name, source, parameters) {
  // All on one line, because the source map counts lines from the first.
  return evaluate(`(function (${parameters.join(', ')}) { ${source}\n})\n//# sourceURL=miniprogram/${name}`);
}
