// Has WeChat's own compilers read every template and style sheet, those of packages too.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { readJson, walk } from './project.mjs';

const platform = { linux: 'linux', darwin: 'mac' }[process.platform];

/** What the compilers say of an app. Packages that do not fit this machine have no compilers: that is a problem too. */
export function checkWechat({ app, modules }) {
  const all = walk(app, (_, name) => name === 'node_modules' || name.startsWith('.'));
  const pick = (...extensions) => all.filter((file) => extensions.includes(extname(file)));
  const folder = mkdtempSync(join(tmpdir(), 'paifang-wechat-'));
  try {
    for (const file of pick('.wxml', '.wxs', '.wxss')) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(app, file), join(folder, file));
    }
    const run = (name, args) => compile(join(modules, 'miniprogram-compiler/bin', platform, name), args, folder);
    const templates = pick('.wxml');
    const styles = pick('.wxss');
    return [
      ...(templates.length
        ? run('wcc', ['-d', '-cc', componentsOf(app, templates), ...templates, ...pick('.wxs'), '-gn', '$gwx'])
        : []),
      ...(styles.length ? run('wcsc', ['-lc', '-db', '-pc', String(styles.length), ...styles]) : []),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tells wcc which tags are components: the number of files, then each file with the number and names of its tags. */
function componentsOf(app, templates) {
  const naming = templates.flatMap((file) => {
    const json = join(app, file.replace(/wxml$/, 'json'));
    const tags = existsSync(json) ? Object.keys(readJson(json).usingComponents ?? {}) : [];
    return tags.length ? [[file, tags.length, ...tags]] : [];
  });
  return [naming.length, ...naming.flat()].join(' ');
}

/** npm does not run the script that would make the binaries executable. */
function compile(binary, args, cwd) {
  chmodSync(binary, 0o755);
  const { status, stderr, error } = spawnSync(binary, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('error file count'));
  if (status !== 0 && !lines.length) lines.push(`ended with ${status} and said nothing`);
  return lines.map((line) => {
    const at = line.match(/([\w./-]+\.wx(?:ml|ss|s))[:(](\d+)/);
    return { file: at?.[1] ?? 'app.json', line: Number(at?.[2] ?? 1), message: `WeChat's compiler: ${line}` };
  });
}
