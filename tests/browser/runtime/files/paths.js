/** Paths of files: the person's (`wxfile://usr/…`), saved ones, temporary ones, and those of the package. */
import { WxFailure } from '../failure.js';

export const USER = 'wxfile://usr';
const SAVED = 'wxfile://store_';
const TEMPORARY = 'wxfile://tmp_';

/** @typedef {'user' | 'saved' | 'temporary' | 'package'} Kind */

/**
 * @param {unknown} path as an app writes it
 * @param {string} [field] what the path is called in the call
 * @returns {{ path: string, kind: Kind }}
 * @throws {WxFailure}
 */
export function readPath(path, field = 'filePath') {
  if (typeof path !== 'string' || path === '')
    throw new WxFailure(`parameter error: parameter.${field} should be a String that is not empty`);
  if (path === USER || path.startsWith(`${USER}/`)) return { path: userPath(path), kind: 'user' };
  if (path.startsWith(SAVED)) return { path, kind: 'saved' };
  if (path.startsWith(TEMPORARY)) return { path, kind: 'temporary' };
  if (/^[a-z]+:/i.test(path)) throw denied();
  return { path: new URL(path, 'http://package/').pathname, kind: 'package' };
}

function userPath(path) {
  const parts = [];
  for (const part of path.slice(USER.length).split('/')) {
    if (part === '..' && parts.pop() === undefined) throw denied();
    if (!['', '.', '..'].includes(part)) parts.push(part);
  }
  return [USER, ...parts].join('/');
}

export const parentOf = (path) => path.slice(0, path.lastIndexOf('/'));
export const isKept = (path) => path.startsWith(`${USER}/`) || path.startsWith(SAVED);

/** `.jpg`, or nothing. */
export const extensionOf = (path) => /\.\w+$/.exec(path)?.[0] ?? '';

function unique() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} extension such as `.jpg` */
export const newTemporary = (extension) => `${TEMPORARY}${unique()}${extension}`;
export const newSaved = (extension) => `${SAVED}${unique()}${extension}`;

export const denied = () => new WxFailure('permission denied, cannot access file path', { errCode: 1301000 });
