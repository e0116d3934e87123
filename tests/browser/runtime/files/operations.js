/** What `FileSystemManager` does, at once. Each function throws a `WxFailure` for what a phone refuses. */
import { WxFailure } from '../failure.js';
import { packageUrl } from '../theme.js';
import { addFolder, below, fileAt, filesOf, isFolder, putFile, removeFile, removeFolder } from './disk.js';
import { fromBytes, toBytes } from './encodings.js';
import { denied, extensionOf, newSaved, parentOf, readPath, USER } from './paths.js';

const missing = (path) => new WxFailure(`no such file or directory ${path}`, { errCode: 1300002 });
const isDirectory = () => new WxFailure('illegal operation on a directory', { errCode: 1301003 });
const exists = (path) => new WxFailure(`file already exists ${path}`, { errCode: 1301005 });

/** The bytes of any file an app may read. */
export function bytesOf(given, field) {
  const { path, kind } = readPath(given, field);
  if (kind === 'package') return packageBytes(path, given);
  if (isFolder(path)) throw isDirectory();
  const file = fileAt(path);
  if (file === undefined) throw missing(given);
  return file.bytes;
}

/** Reading the package may be asked for at once, which only this request of the browser can. */
function packageBytes(path, given) {
  const request = new XMLHttpRequest();
  request.open('GET', packageUrl(path), false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send();
  if (request.status !== 200) throw missing(given);
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 0xff);
}

/** A path that may be written: below the person's folder, in a folder that is there. */
function writable(given, field) {
  const { path, kind } = readPath(given, field);
  if (kind !== 'user' || path === USER) throw denied();
  if (isFolder(path)) throw isDirectory();
  if (fileAt(parentOf(path)) !== undefined) throw new WxFailure('not a directory', { errCode: 1300020 });
  if (!isFolder(parentOf(path))) throw missing(given);
  return path;
}

export function access(given) {
  const { path, kind } = readPath(given, 'path');
  if (kind === 'package') packageBytes(path, given);
  else if (!isFolder(path) && fileAt(path) === undefined) throw missing(given);
}

export function readFile(given, encoding, position = 0, length) {
  const bytes = bytesOf(given);
  const isWhole = (value) => Number.isInteger(value);
  if (!isWhole(position) || position < 0 || (position > 0 && position >= bytes.length))
    throw new WxFailure('value of position is out of range', { errCode: 1301009 });
  if (length !== undefined && (!isWhole(length) || length < 1 || position + length > bytes.length))
    throw new WxFailure('value of length is out of range', { errCode: 1301006 });
  return fromBytes(bytes.subarray(position, length === undefined ? bytes.length : position + length), encoding);
}

export function writeFile(given, data, encoding) {
  putFile(writable(given), toBytes(data, encoding));
}

export function appendFile(given, data, encoding) {
  const path = writable(given);
  const before = fileAt(path)?.bytes;
  if (before === undefined) throw missing(given);
  const more = toBytes(data, encoding);
  const whole = new Uint8Array(before.length + more.length);
  whole.set(before);
  whole.set(more, before.length);
  putFile(path, whole);
}

export function copyFile(from, to) {
  putFile(writable(to, 'destPath'), bytesOf(from, 'srcPath').slice());
}

export function rename(from, to) {
  const source = readPath(from, 'oldPath');
  const target = writable(to, 'newPath');
  if (source.kind !== 'user') throw denied();
  const bytes = bytesOf(from, 'oldPath');
  putFile(target, bytes);
  if (target !== source.path) removeFile(source.path);
}

/** The temporary file is gone afterwards. */
export function saveFile(temporary, to) {
  const { path, kind } = readPath(temporary, 'tempFilePath');
  const file = fileAt(path);
  if (kind !== 'temporary' || file === undefined)
    throw new WxFailure('tempFilePath file not exist', { errCode: 1301112 });
  const target = to === undefined ? newSaved(extensionOf(path)) : writable(to);
  putFile(target, file.bytes);
  removeFile(path);
  return target;
}

export function unlink(given) {
  const { path, kind } = readPath(given);
  if (kind === 'package') throw denied();
  if (isFolder(path)) throw new WxFailure('operation not permitted', { errCode: 1300001 });
  if (fileAt(path) === undefined) throw missing(given);
  removeFile(path);
}

export function mkdir(given, recursive = false) {
  const { path, kind } = readPath(given, 'dirPath');
  if (kind !== 'user') throw denied();
  if (fileAt(path) !== undefined || (isFolder(path) && !recursive)) throw exists(given);
  if (recursive && !isFolder(parentOf(path)) && path !== USER) mkdir(parentOf(path), true);
  if (!isFolder(parentOf(path)) && path !== USER) throw missing(given);
  addFolder(path);
}

export function rmdir(given, recursive = false) {
  const { path, kind } = readPath(given, 'dirPath');
  if (kind !== 'user' || path === USER) throw denied();
  if (fileAt(path) !== undefined) throw new WxFailure('not a directory', { errCode: 1300020 });
  if (!isFolder(path)) throw missing(given);
  const inside = below(path);
  if (inside.length > 0 && !recursive) throw new WxFailure('directory not empty', { errCode: 1300066 });
  for (const one of inside) (isFolder(one) ? removeFolder : removeFile)(one);
  removeFolder(path);
}

export function readdir(given) {
  const { path, kind } = readPath(given, 'dirPath');
  if (kind !== 'user') throw denied();
  if (fileAt(path) !== undefined) throw new WxFailure('not a directory', { errCode: 1300020 });
  if (!isFolder(path)) throw missing(given);
  const names = below(path).map((one) => one.slice(path.length + 1));
  return names.filter((name) => !name.includes('/'));
}

export function stat(given, recursive = false) {
  const { path, kind } = readPath(given, 'path');
  if (!isFolder(path)) {
    const size = bytesOf(given, 'path').length;
    return describeFile(size, kind === 'package' ? 0 : fileAt(path).modifiedAt);
  }
  if (!recursive) return describeFolder();
  const all = below(path).map((one) => ({ path: one.slice(path.length), stats: stat(one) }));
  return [{ path: '/', stats: describeFolder() }, ...all];
}

const described = (mode, size, at, isFile) => ({
  mode,
  size,
  lastAccessedTime: Math.floor(at / 1000),
  lastModifiedTime: Math.floor(at / 1000),
  isDirectory: () => !isFile,
  isFile: () => isFile,
});
const describeFile = (size, at) => described(0o100644, size, at, true);
const describeFolder = () => described(0o040755, 0, 0, false);

export function savedFiles() {
  return filesOf('wxfile://store_').map(([filePath, { bytes, modifiedAt }]) => ({
    filePath,
    size: bytes.length,
    createTime: Math.floor(modifiedAt / 1000),
  }));
}

export function removeSaved(given) {
  const { path, kind } = readPath(given);
  if (kind !== 'saved') throw denied();
  if (fileAt(path) === undefined) throw missing(given);
  removeFile(path);
}
