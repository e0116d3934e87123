/** Keeps what outlives a restart: the browser's database, one for each phone. */
import { recordError } from '../record.js';
import { PREFIX } from '../settings.js';

const STORE = 'kept';
let opened;
let writing = Promise.resolve();

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(`${PREFIX}files`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** @returns {Promise<[string, any][]>} everything that is kept */
export async function readAll() {
  const store = (await open()).transaction(STORE).objectStore(STORE);
  const [keys, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
  return keys.map((key, index) => [key, values[index]]);
}

const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function write(change) {
  writing = writing
    .then(async () => {
      const transaction = (await open()).transaction(STORE, 'readwrite', { durability: 'strict' });
      change(transaction.objectStore(STORE));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
    })
    .catch((error) => recordError(`the browser does not keep files: ${error}`));
}

export const keep = (key, value) => write((store) => store.put(value, key));
export const forget = (key) => write((store) => store.delete(key));

/** Everything that was written so far is kept. */
export const settled = () => writing;
