// Weighs the packages that DevTools would upload against WeChat's limit, and the main package against our own.
import { readFileSync } from 'node:fs';
import { basename, extname, join, posix } from 'node:path';
import { installed } from './modules.mjs';
import { packagesOf, readJson, walk } from './project.mjs';

export const limits = { any: 2 * 1024 * 1024, main: 700 * 1024 };

/** Never uploaded, whatever the project's settings say. */
const never =
  /(^|\/)(tsconfig[^/]*\.json|package(-lock)?\.json|project(\.private)?\.config\.json|readme[^/]*|.*\.d\.ts)$/i;

/** The packages as `{ name, bytes }`, the main one first. */
export async function weigh({ app, modules }) {
  const { transform } = await installed(modules, 'esbuild');
  const ignored = ignoring(app);
  const skip = (path, name) => name === 'node_modules' || name.startsWith('.') || ignored(path);
  const roots = packagesOf(app).map(({ root }) => root);
  const sizes = new Map(roots.map((root) => [root, 0]));
  await Promise.all(
    walk(app, skip)
      .filter((file) => !never.test(file))
      .map(async (file) => {
        const bytes = readFileSync(join(app, file));
        const size =
          extname(file) === '.ts'
            ? Buffer.byteLength(
                (await transform(bytes.toString(), { loader: 'ts', minify: true, format: 'cjs', target: 'es2017' }))
                  .code,
              )
            : bytes.length;
        const root = roots.find((one) => one && file.startsWith(`${one}/`)) ?? '';
        sizes.set(root, sizes.get(root) + size);
      }),
  );
  return [...sizes].map(([root, bytes]) => ({ name: root || 'main package', bytes }));
}

export function checkSizes(sizes, { any, main } = limits) {
  return sizes.flatMap(({ name, bytes }, index) => {
    const limit = index === 0 ? Math.min(any, main) : any;
    if (bytes <= limit) return [];
    return [{ file: 'app.json', line: 1, message: `${name} has ${kilobytes(bytes)}, more than ${kilobytes(limit)}` }];
  });
}

export const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** `packOptions.ignore` of project.config.json. */
function ignoring(app) {
  let rules = [];
  try {
    rules = readJson(app, 'project.config.json').packOptions?.ignore ?? [];
  } catch (error) {
    if (!error.message.includes('ENOENT')) throw error;
  }
  const tests = rules.map(({ type, value }) => {
    const clean = posix.join(value, '.').replace(/^\/|\/$/g, '');
    const matchers = {
      folder: (path) => path === clean || path.startsWith(`${clean}/`),
      file: (path) => path === clean,
      suffix: (path) => path.endsWith(value),
      prefix: (path) => basename(path).startsWith(value),
      regexp: (path) => new RegExp(value).test(path),
    };
    if (!matchers[type])
      throw new Error(`project.config.json: packOptions.ignore has the type "${type}", which is not weighed`);
    return matchers[type];
  });
  return (path) => tests.some((test) => test(path));
}
