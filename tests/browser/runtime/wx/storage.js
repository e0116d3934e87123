/** Storage: one megabyte for a key, ten in all, and only what JSON can hold. */
import { asyncCall, syncCall } from './define.js';
import { WxFailure } from '../failure.js';
import { PREFIX } from '../settings.js';

const KEY_LIMIT = 1024 * 1024;
const LIMIT = 10 * KEY_LIMIT;

const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
const sizeOf = (text) => new TextEncoder().encode(text).length;

function used() {
  return names().reduce((sum, name) => sum + sizeOf(localStorage.getItem(name)), 0);
}

export function clearStorage() {
  for (const name of names()) localStorage.removeItem(name);
}

function checkKey(key) {
  if (typeof key !== 'string' || key === '')
    throw new WxFailure('parameter error: parameter.key should be a String that is not empty');
}

function write(key, data) {
  checkKey(key);
  const text = encode(data);
  const size = sizeOf(text);
  if (size > KEY_LIMIT) throw new WxFailure('entry size limit reached');
  const before = localStorage.getItem(PREFIX + key);
  if (used() - (before === null ? 0 : sizeOf(before)) + size > LIMIT) throw new WxFailure('storage size limit reached');
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    throw new WxFailure('storage size limit reached');
  }
}

function encode(data) {
  if (['undefined', 'function', 'symbol', 'bigint'].includes(typeof data)) {
    throw new WxFailure(`a ${typeof data} cannot be stored`);
  }
  try {
    return JSON.stringify(data);
  } catch (error) {
    throw new WxFailure(error.message);
  }
}

function read(key) {
  checkKey(key);
  const text = localStorage.getItem(PREFIX + key);
  return text === null ? undefined : JSON.parse(text);
}

function remove(key) {
  checkKey(key);
  localStorage.removeItem(PREFIX + key);
}

const info = () => ({
  keys: names().map((name) => name.slice(PREFIX.length)),
  currentSize: Math.ceil(used() / 1024),
  limitSize: LIMIT / 1024,
});

/** Synchronous calls throw what the others hand to `fail`. */
function sync(name, run) {
  syncCall(name, (...values) => {
    try {
      return run(...values);
    } catch (error) {
      throw error instanceof WxFailure ? new Error(`${name}:fail ${error.message}`) : error;
    }
  });
}

sync('setStorageSync', write);
sync('getStorageSync', (key) => read(key) ?? '');
sync('removeStorageSync', remove);
sync('clearStorageSync', clearStorage);
sync('getStorageInfoSync', info);
asyncCall('setStorage', ({ key, data }) => write(key, data));
asyncCall('getStorage', ({ key }) => {
  const data = read(key);
  if (data === undefined) throw new WxFailure('data not found');
  return { data };
});
asyncCall('removeStorage', ({ key }) => remove(key));
asyncCall('clearStorage', clearStorage);
asyncCall('getStorageInfo', info);
