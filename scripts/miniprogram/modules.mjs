// npm modules as single CommonJS files, the only form that `require` in a mini program reads.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A tool that is installed beside the mini program, not beside this script. */
export async function installed(modules, name) {
  return import(pathToFileURL(createRequire(join(modules, '../package.json')).resolve(name)));
}

/** `tslib` becomes `tslib/index.js`, `dayjs/plugin/x` becomes `dayjs/plugin/x.js`. */
function outputOf(name) {
  const isPackage = name.startsWith('@') ? name.split('/').length === 2 : !name.includes('/');
  return isPackage ? `${name}/index.js` : `${name.replace(/\.js$/, '')}.js`;
}

/**
 * Packages of our own lock file go first; for the rest tdesign brings bundles of what it was built with, which npm
 * knows nothing of.
 */
function entryOf(name, { modules, tdesign }) {
  const brought = [`${name}.js`, `${name}/index.js`].map((path) => join(tdesign, 'miniprogram_npm', path));
  const root = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return existsSync(join(modules, root)) ? name : (brought.find((path) => existsSync(path)) ?? name);
}

/**
 * Bundles modules, and those that they import: a map from the path in miniprogram_npm to the text. What a module
 * imports from another package stays a `require`, because a plug-in must meet the same dayjs as everybody else.
 */
export async function bundleModules(names, project) {
  const { build } = await installed(project.modules, 'esbuild');
  const bundled = new Map();
  const queue = [...names];
  while (queue.length) {
    const name = queue.pop();
    if (bundled.has(outputOf(name))) continue;
    const entry = entryOf(name, project);
    const others = {
      name: 'others',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^[^./]/ }, ({ path }) => {
          if (path === entry) return undefined;
          queue.push(path);
          return { path, external: true };
        }),
    };
    const {
      outputFiles: [output],
    } = await build({
      stdin: {
        contents: `module.exports = require(${JSON.stringify(entry)})`,
        resolveDir: join(project.modules, '..'),
      },
      plugins: [others],
      bundle: true,
      write: false,
      minify: true,
      format: 'cjs',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['module'],
      target: 'es2017',
      logLevel: 'silent',
    });
    if (/\beval\(|\bnew Function\b/.test(output.text))
      throw new Error(`${name} uses eval, which a mini program does not have`);
    bundled.set(outputOf(name), output.text);
  }
  return bundled;
}
