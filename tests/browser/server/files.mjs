/** Answers with files: those of the package, and those of the host. */
import fs from 'node:fs';
import path from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
};

export function answer(response, status, type, body) {
  response.writeHead(status, { 'content-type': TYPES[type] ?? type, 'cache-control': 'no-store' });
  response.end(body);
}

/** A file under `root`; nothing outside it can be asked for. */
export function sendFile(root, name, response) {
  const folder = path.resolve(root);
  const file = path.join(folder, path.posix.normalize(`/${name}`));
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return answer(response, 404, 'text/plain', `${name} is not there`);
  const isBrotli = file.endsWith('.br');
  response.writeHead(200, {
    'content-type': TYPES[path.extname(isBrotli ? file.slice(0, -3) : file)] ?? 'application/octet-stream',
    'content-length': stat.size,
    'cache-control': 'no-store',
    // The browser unpacks it, as a phone does.
    ...(isBrotli && { 'content-encoding': 'br' }),
  });
  return fs.createReadStream(file).pipe(response);
}
