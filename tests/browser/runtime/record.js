/** What tests and the outer page read: every call of `wx`, and everything that went wrong. */
import { Signal } from './signal.js';

/** @type {string[]} */
export const errors = [];
/** @type {{ name: string, arg: unknown, at: number }[]} */
export const calls = [];
/** Fires with `'error'` or `'call'` and the new entry. */
export const recorded = new Signal();

export function recordError(text) {
  errors.push(text);
  recorded.emit('error', text);
}

export function recordCall(name, arg) {
  const call = { name, arg: plain(arg), at: Date.now() };
  calls.push(call);
  recorded.emit('call', call);
}

/** An error with where it came from. */
export function describe(error) {
  if (error instanceof Error)
    return error.stack?.includes(error.message) ? error.stack : `${error.message}\n${error.stack}`;
  return typeof error === 'object' && error !== null ? (error.errMsg ?? JSON.stringify(error)) : String(error);
}

/** A copy without functions, which nobody can change later. */
function plain(value) {
  try {
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  } catch {
    return String(value);
  }
}
