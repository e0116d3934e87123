/** The object `wx`. Each call is one entry of a table, so that tests can see and replace it. */
import { WxFailure } from '../failure.js';
import { USER } from '../files/paths.js';
import { describe, recordCall, recordError } from '../record.js';

/** @type {Map<string, { run: Function, original: Function, isAsync: boolean }>} */
const table = new Map();
const functions = {};

/**
 * A call with `success`, `fail` and `complete`, or a promise when none is given.
 * @param {string} name
 * @param {(options: object) => unknown} run gives the fields of the result; throws a `WxFailure`
 */
export function asyncCall(name, run) {
  table.set(name, { run, original: run, isAsync: true });
  functions[name] = (options = {}) => {
    recordCall(name, options);
    const result = Promise.resolve()
      .then(() => table.get(name).run(options))
      .then(
        (value) => ({ ...(typeof value === 'object' ? value : {}), errMsg: `${name}:ok` }),
        (error) => {
          const { run, original } = table.get(name);
          // Not a refusal but a mistake: the host's, or that of a page which did not load.
          if (run === original && error instanceof Error && !(error instanceof WxFailure)) reportError(error);
          return Promise.reject(failureOf(name, error));
        },
      );
    return settle(options, result);
  };
}

/** A call that answers at once. */
export function syncCall(name, run, { isRecorded = true } = {}) {
  table.set(name, { run, original: run, isAsync: false });
  functions[name] = (...values) => {
    if (isRecorded) recordCall(name, values.length > 1 ? values : values[0]);
    return table.get(name).run(...values);
  };
}

/** Gives a result to the callbacks, or back as a promise when there are none. */
export function settle(options, result) {
  const { success, fail, complete } = options ?? {};
  if (!success && !fail && !complete) return result;
  result
    .then(
      (value) => {
        success?.(value);
        complete?.(value);
      },
      (error) => {
        fail?.(error);
        complete?.(error);
      },
    )
    .catch(reportError);
  return undefined;
}

export function failureOf(name, error) {
  if (error instanceof WxFailure) return { errMsg: `${name}:fail ${error.message}`, ...error.fields };
  if (typeof error === 'object' && error !== null && !(error instanceof Error))
    return { errMsg: `${name}:fail`, ...error };
  return { errMsg: `${name}:fail ${error instanceof Error ? error.message : error}` };
}

/** Puts a function in the place of a call; null puts the call back. */
export function stub(name, run) {
  const entry = table.get(name);
  if (entry === undefined) throw new Error(`wx.${name} is not simulated, so it cannot be replaced`);
  entry.run = run ?? entry.original;
}

export const isSimulated = (name) => table.has(name) || name in values;

/** What `wx` has besides functions. */
const values = { env: { USER_DATA_PATH: USER } };

/** What is not there is undefined, as on a phone with an older WeChat; but here nobody meant it to be missing. */
export const wx = new Proxy(
  {},
  {
    get(_, name) {
      if (name in functions) return functions[name];
      if (name in values) return values[name];
      if (typeof name === 'string') missing(name);
      return undefined;
    },
    has: (_, name) => name in functions || name in values,
    ownKeys: () => [...Object.keys(functions), ...Object.keys(values)],
    getOwnPropertyDescriptor: (_, name) => ({
      value: functions[name] ?? values[name],
      enumerable: true,
      configurable: true,
    }),
    set(_, name) {
      throw new TypeError(`wx.${String(name)} cannot be changed`);
    },
  },
);

const told = new Set();
function missing(name) {
  if (told.has(name)) return;
  told.add(name);
  recordError(
    `wx.${name} is not simulated (${
      describe(new Error())
        .split('\n')
        .find((line) => line.includes('miniprogram/'))
        ?.trim() ?? 'unknown place'
    })`,
  );
}

/** Fails for an argument of the wrong type, in WeChat's words. */
export function expectType(value, type, field) {
  const actual = Array.isArray(value) ? 'Array' : value === null ? 'Null' : typeof value;
  const given = actual[0].toUpperCase() + actual.slice(1);
  if (given !== type) throw new WxFailure(`parameter error: parameter.${field} should be ${type} instead of ${given};`);
}
