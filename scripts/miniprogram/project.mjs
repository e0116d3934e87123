// Where a mini program and its packages lie, and what its app.json declares.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folders of the app that are made by tools; what they hold is not checked as ours. */
const foreign = new Set(['node_modules', 'miniprogram_npm', 'generated']);

/** A mini program. The tests of these tools pass folders of their own; the packages are always the installed ones. */
export function projectAt(app = join(repository, 'miniprogram')) {
  return {
    app,
    modules: join(repository, 'miniprogram/node_modules'),
    tdesign: join(repository, 'miniprogram/node_modules/tdesign-miniprogram/miniprogram_dist'),
    openapi: join(repository, 'tests/api/snapshots/api__contract__openapi.snap'),
    rust: join(repository, 'wasm-core/src'),
    lock: join(repository, 'miniprogram/package-lock.json'),
  };
}

/** All files below a folder as sorted relative paths with `/`, so that results do not depend on the file system. */
export function walk(folder, skip = () => false, below = '') {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = posix.join(below, entry.name);
      if (skip(path, entry.name)) return [];
      return entry.isDirectory() ? walk(folder, skip, path) : [path];
    })
    .sort();
}

/** The files that people write: everything but packages and generated folders. */
export function ownFiles(app) {
  return walk(app, (_, name) => foreign.has(name) || name.startsWith('.'));
}

export const readText = (...path) => readFileSync(join(...path), 'utf8');

export function readJson(...path) {
  try {
    return JSON.parse(readText(...path));
  } catch (error) {
    throw new Error(`${join(...path)}: ${error.message}`);
  }
}

/** The routes of app.json, and which sub-package each belongs to (`''` is the main package). */
export function packagesOf(app) {
  const { pages = [], subPackages, subpackages } = readJson(app, 'app.json');
  const subs = (subPackages ?? subpackages ?? []).map((sub) => ({
    root: posix.join(sub.root, '.'),
    pages: sub.pages.map((page) => posix.join(sub.root, page)),
  }));
  return [{ root: '', pages }, ...subs];
}

/** Where `usingComponents` of `from` (a path inside the app) points to: a path inside the app, without extension. */
export function resolveComponent(app, from, target) {
  if (target.startsWith('/')) return target.slice(1);
  const relative = posix.join(posix.dirname(from), target);
  if (target.startsWith('.') || existsSync(join(app, `${relative}.json`))) return relative;
  return posix.join('miniprogram_npm', target);
}

/** Every page and own component, as `{ path, json, own, components }`; `components` includes those of app.json. */
export function unitsOf(app) {
  const global = readJson(app, 'app.json').usingComponents ?? {};
  const shared = mapComponents(app, 'app', global);
  const units = new Map();
  const queue = packagesOf(app).flatMap((part) => part.pages);
  queue.push(...shared.values());
  while (queue.length) {
    const path = queue.shift();
    if (units.has(path) || path.startsWith('miniprogram_npm/') || path.startsWith('plugin:')) continue;
    const json = existsSync(join(app, `${path}.json`)) ? readJson(app, `${path}.json`) : {};
    const own = mapComponents(app, path, json.usingComponents ?? {});
    units.set(path, { path, json, own, components: new Map([...shared, ...own]) });
    queue.push(...own.values());
  }
  return { shared, units: [...units.values()] };
}

function mapComponents(app, from, components) {
  return new Map(Object.entries(components).map(([tag, target]) => [tag, resolveComponent(app, from, target)]));
}

/** The one-based line of an offset. */
export const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;
