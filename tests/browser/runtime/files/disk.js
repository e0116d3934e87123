/** The files of this phone. They are in memory, so that synchronous calls can read them; those to keep are also kept. */
import { WxFailure } from '../failure.js';
import { forget, keep, readAll } from './database.js';
import { isKept, newTemporary, USER } from './paths.js';
import { typeOf } from './types.js';

/** Bytes of all files that are kept. */
const LIMIT = 200 * 1024 * 1024;
/** Bytes of one file. */
const FILE_LIMIT = 100 * 1024 * 1024;
const FOLDER = 'folder';

/** @typedef {{ bytes: Uint8Array, modifiedAt: number }} StoredFile */

/** @type {Map<string, StoredFile>} */
const files = new Map();
const folders = new Set([USER]);
/** Addresses under which the browser shows a file. */
const urls = new Map();

export async function loadDisk() {
  for (const [path, value] of await readAll()) {
    if (value === FOLDER) folders.add(path);
    else if (isKept(path)) files.set(path, value);
  }
}

export const fileAt = (path) => files.get(path);
export const isFolder = (path) => folders.has(path);

/** Paths of everything below a folder. */
export const below = (path) => [...files.keys(), ...folders].filter((one) => one.startsWith(`${path}/`)).sort();
export const filesOf = (start) => [...files].filter(([path]) => path.startsWith(start));

/** @throws {WxFailure} when there is no room for it */
export function putFile(path, bytes) {
  if (isKept(path)) {
    const before = files.get(path)?.bytes.length ?? 0;
    if (bytes.length > FILE_LIMIT || used() - before + bytes.length > LIMIT)
      throw new WxFailure('the maximum size of the file storage limit is exceeded', { errCode: 1300202 });
  }
  const file = { bytes, modifiedAt: Date.now() };
  release(path);
  files.set(path, file);
  if (isKept(path)) keep(path, file);
}

function used() {
  let sum = 0;
  for (const [path, { bytes }] of files) if (isKept(path)) sum += bytes.length;
  return sum;
}

export function removeFile(path) {
  release(path);
  files.delete(path);
  if (isKept(path)) forget(path);
}

export function addFolder(path) {
  folders.add(path);
  keep(path, FOLDER);
}

export function removeFolder(path) {
  folders.delete(path);
  forget(path);
}

/** A new temporary file, which the next start of the app does not find. */
export function addTemporary(bytes, extension) {
  const path = newTemporary(extension);
  putFile(path, bytes);
  return path;
}

export function clearDisk() {
  for (const path of [...files.keys()]) removeFile(path);
  for (const path of [...folders]) if (path !== USER) removeFolder(path);
}

/** Where the browser finds a file, or undefined when it is not there. */
export function fileUrl(path) {
  const file = files.get(path);
  if (file === undefined) return undefined;
  if (!urls.has(path)) urls.set(path, URL.createObjectURL(new Blob([file.bytes], { type: typeOf(path, file.bytes) })));
  return urls.get(path);
}

function release(path) {
  if (urls.has(path)) URL.revokeObjectURL(urls.get(path));
  urls.delete(path);
}
