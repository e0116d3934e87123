// Which files of tdesign-miniprogram an app needs: those of the components it names, and all that these refer to.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { implied, isBare, referencesOf } from './references.mjs';
import { ownFiles, readText, resolveComponent, unitsOf } from './project.mjs';

export const packageName = 'tdesign-miniprogram';
const home = `miniprogram_npm/${packageName}/`;
const parts = ['.json', '.js', '.wxml', '.wxss'];

/** What the app's own files ask of packages: tdesign's components and files, and other modules. */
export function demandsOf(app) {
  const { units, shared } = unitsOf(app);
  const components = [...shared.values(), ...units.flatMap((unit) => [...unit.own.values()])];
  const demands = { components: new Set(), files: new Set(), modules: new Set() };
  for (const path of components) {
    if (path.startsWith(home)) demands.components.add(path.slice(home.length));
    else if (path.startsWith('miniprogram_npm/'))
      throw new Error(`app.json or a page names ${path}, which no package has`);
  }
  for (const file of ownFiles(app)) {
    const extension = extname(file);
    if (file.endsWith('.d.ts')) continue;
    for (const reference of referencesOf(extension, readIfText(app, file, extension))) {
      const scripted = extension === '.ts' || extension === '.js';
      const inside = reference.startsWith('/') ? reference.slice(1) : posix.join(posix.dirname(file), reference);
      if (inside.startsWith(home))
        demands.files.add([inside.slice(home.length), scripted ? '.js' : extension].join('|'));
      else if (reference.startsWith(`${packageName}/`))
        demands.files.add([reference.slice(packageName.length + 1), scripted ? '.js' : extension].join('|'));
      else if (scripted && isBare(reference)) demands.modules.add(reference);
    }
  }
  return Object.fromEntries(Object.entries(demands).map(([kind, names]) => [kind, [...names].sort()]));
}

const readIfText = (app, file, extension) => (extension in implied || extension === '.ts' ? readText(app, file) : '');

/** The needed files of tdesign as a map from path to text, and the modules that they import. */
export function collectTdesign(source, demands) {
  const files = new Map();
  const modules = new Set();
  const queue = [];
  const addFile = (path, extension, from) => {
    const found = (implied[extension] ?? ['']).map((end) => path + end).find((name) => isFile(source, name));
    if (!found) throw new Error(`${from}: ${packageName} has no file ${path}`);
    queue.push(found);
  };
  const addComponent = (path, from) => {
    if (!isFile(source, `${path}.json`)) throw new Error(`${from}: ${packageName} has no component ${path}`);
    for (const part of parts) if (isFile(source, path + part)) queue.push(path + part);
  };
  for (const path of demands.components) addComponent(path, 'usingComponents');
  for (const demand of demands.files) addFile(...demand.split('|'), 'an import');

  while (queue.length) {
    const file = queue.pop();
    if (files.has(file)) continue;
    const text = readFileSync(join(source, file), 'utf8');
    files.set(file, text);
    if (file.endsWith('.json')) {
      for (const target of componentsIn(JSON.parse(text))) addComponent(inTdesign(file, target), file);
      continue;
    }
    const extension = extname(file);
    for (const reference of referencesOf(extension, text)) {
      if (extension === '.js' && isBare(reference)) modules.add(reference);
      else addFile(posix.join(posix.dirname(file), reference), extensionOf(reference, extension), file);
    }
  }
  return { files, modules: [...modules].sort() };
}

/** A template may pull in a `.wxs`, so the reference's own extension goes first. */
const extensionOf = (reference, extension) => (extname(reference) in implied ? extname(reference) : extension);

const isFile = (folder, path) => existsSync(join(folder, path)) && statSync(join(folder, path)).isFile();

function componentsIn({ usingComponents = {}, componentGenerics = {} }) {
  const defaults = Object.values(componentGenerics)
    .map((generic) => generic.default)
    .filter(Boolean);
  return [...Object.values(usingComponents), ...defaults];
}

function inTdesign(file, target) {
  const path = resolveComponent('', home + file, target);
  return path.slice(home.length);
}
