import fs from 'node:fs';
import path from 'node:path';

/** Folders that are never part of the package. */
const IGNORED = new Set(['node_modules', '.git']);

/** The files of one mini program. Every name is a path inside the package, with `/` and without one at its start. */
export class PackageFiles {
  /** @param {string} root  @param {import('./problems.mjs').Problems} problems */
  constructor(root, problems) {
    this.root = path.resolve(root);
    this.problems = problems;
  }

  has(name) {
    return fs.statSync(path.join(this.root, name), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  read(name) {
    return fs.readFileSync(path.join(this.root, name), 'utf8');
  }

  /** The content of a JSON file; a missing or wrong one is a problem and reads as `{}`. */
  json(name) {
    if (!this.has(name)) {
      this.problems.add(name, 'the file is missing');
      return {};
    }
    try {
      return JSON.parse(this.read(name));
    } catch (error) {
      this.problems.add(name, `not valid JSON: ${error.message}`);
      return {};
    }
  }

  /** The script of a page or component: JavaScript, else TypeScript. */
  script(id) {
    return [`${id}.js`, `${id}.ts`].find((name) => this.has(name));
  }
}

/** One text that changes whenever a file under `root` is added, removed or written. */
export function fingerprint(root) {
  const parts = [];
  const visit = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (IGNORED.has(entry.name)) continue;
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) visit(file);
      else parts.push(`${file} ${fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs}`);
    }
  };
  visit(root);
  return parts.sort().join('\n');
}

/** Joins a reference with the folder of the file that makes it. A leading `/` means the root of the package. */
export function resolvePath(from, reference) {
  if (reference.startsWith('/')) return path.posix.normalize(reference.slice(1));
  return path.posix.normalize(path.posix.join(path.posix.dirname(from), reference));
}
