// Modules of the mini program as Node can run them. Those that touch `wx` need one from the test; modules that share
// what they remember are loaded together.
import { buildSync } from 'esbuild';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../miniprogram');

export function load(...paths) {
  const { outputFiles } = buildSync({
    stdin: { contents: paths.map((path) => `export * from '${resolve(root, path)}';`).join('\n'), resolveDir: root },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
    logLevel: 'silent',
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}
