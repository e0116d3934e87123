/** Where references between files lead, and which of them WeChat allows. */
import path from 'node:path';
import { resolvePath } from './package-files.mjs';

export class Resolver {
  /** @param {import('./package-files.mjs').PackageFiles} files  @param {string[]} subPackages roots without a closing `/` */
  constructor(files, subPackages) {
    this.files = files;
    this.subPackages = subPackages;
  }

  /** The root of the sub-package that holds a file, or '' for the main package. */
  packageOf(name) {
    return this.subPackages.find((root) => name.startsWith(`${root}/`)) ?? '';
  }

  /** A phone may have loaded the main package and the file's own, and nothing else. */
  checkReach(from, to, line) {
    const target = this.packageOf(to);
    if (target === '' || target === this.packageOf(from)) return;
    const own = this.packageOf(from);
    const where = own === '' ? 'the main package' : `the sub-package "${own}"`;
    this.files.problems.add(from, `${where} must not use "${to}" of the sub-package "${target}"`, line);
  }

  /** The component (without extension) that `usingComponents` names, or undefined. */
  component(from, reference) {
    const exists = (id) => this.files.has(`${id}.json`) || this.files.script(id) !== undefined;
    const direct = resolvePath(from, reference);
    if (exists(direct)) return direct;
    if (/^[./]/.test(reference)) return undefined;
    return this.#npmFolders(from)
      .map((folder) => `${folder}/${reference}`)
      .find(exists);
  }

  /** The module that `require` names, or undefined. There is no `index` for folders, as in WeChat. */
  module(from, reference) {
    const found = (id) => [id, `${id}.js`, `${id}.ts`].find((name) => /\.(js|ts)$/.test(name) && this.files.has(name));
    if (/^[./]/.test(reference)) return found(resolvePath(from, reference));
    const inPackage = this.#npmFolders(from).flatMap((folder) => [
      `${folder}/${reference}`,
      `${folder}/${reference}/index`,
    ]);
    for (const id of [resolvePath(from, reference), ...inPackage]) {
      const name = found(id);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** `miniprogram_npm` folders a file can see, nearest first. */
  #npmFolders(from) {
    const folders = [];
    for (let folder = path.posix.dirname(from); ; folder = path.posix.dirname(folder)) {
      if (path.posix.basename(folder) !== 'miniprogram_npm') {
        folders.push(folder === '.' ? 'miniprogram_npm' : `${folder}/miniprogram_npm`);
      }
      if (folder === '.') return folders;
    }
  }
}
