// Writes what a mini program takes from packages and from the API. Usage: node build.mjs [APP]
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiTypes } from './api.mjs';
import { iconStyle, namedIcons } from './icons.mjs';
import { bundleModules } from './modules.mjs';
import { projectAt, walk } from './project.mjs';
import { collectTdesign, demandsOf, packageName } from './tdesign.mjs';

const npm = 'miniprogram_npm';
const types = 'services/generated/api.d.ts';

/** The contents of miniprogram_npm, by path. */
export async function pack(project, demands = demandsOf(project.app)) {
  const { files, modules } = collectTdesign(project.tdesign, demands);
  if (files.has('icon/icon.wxss')) files.set('icon/icon.wxss', iconStyle(project, files));
  const packed = await bundleModules([...new Set([...demands.modules, ...modules])], project);
  for (const [path, text] of files) packed.set(`${packageName}/${path}`, text);
  const remote = [...packed].filter(([path, text]) => /\.(wxss|wxml)$/.test(path) && hasRemoteUrl(text));
  if (remote.length)
    throw new Error(remote.map(([path]) => `${npm}/${path}: loads something from the network`).join('\n'));
  return packed;
}

/** Names of XML namespaces are addresses that nobody opens. */
export function hasRemoteUrl(text) {
  return /(?:https?:)?\/\/[\w-]+\.\w/.test(text.replace(/http:\/\/www\.w3\.org\/[\w/]+/g, ''));
}

/** Makes a folder hold exactly these files; what is right already stays untouched for those who watch it. */
function sync(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const path of walk(folder)) if (!files.has(path)) rmSync(join(folder, path));
  for (const [path, text] of files) {
    const target = join(folder, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** What went in and what came out; when neither has changed there is nothing to do. */
function fingerprint(project, demands, icons) {
  const hash = createHash('sha256').update(JSON.stringify([demands, icons]));
  const tools = dirname(fileURLToPath(import.meta.url));
  const scripts = readdirSync(tools)
    .filter((name) => name.endsWith('.mjs'))
    .sort()
    .map((name) => join(tools, name));
  const made = existsSync(join(project.app, npm)) ? walk(join(project.app, npm)).map((path) => join(npm, path)) : [];
  const outputs = [...made, types].map((path) => join(project.app, path));
  for (const path of [project.lock, project.openapi, ...scripts, ...outputs]) {
    hash.update(path).update(existsSync(path) ? readFileSync(path) : 'absent');
  }
  return hash.digest('hex');
}

export async function build(project) {
  const demands = demandsOf(project.app);
  const icons = [...namedIcons(project.app).keys()].sort();
  const stamp = join(project.app, 'node_modules/.paifang-build');
  const state = () => fingerprint(project, demands, icons);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return false;
  rmSync(stamp, { force: true });
  sync(join(project.app, npm), await pack(project, demands));
  const typesFile = join(project.app, types);
  mkdirSync(dirname(typesFile), { recursive: true });
  writeFileSync(typesFile, await apiTypes(project));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state());
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(projectAt(process.argv[2])).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
