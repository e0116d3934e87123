/** Turns the app's modules into CommonJS and follows what they require. */
import * as esbuild from 'esbuild';

const REQUIRE = /\brequire\(\s*(['"])([^'"]+)\1\s*\)/g;

/**
 * @param {import('./package-files.mjs').PackageFiles} files
 * @param {import('./resolve.mjs').Resolver} resolver
 * @param {string[]} entries
 * @returns {Map<string, string>} source by file name; each `require` names a file
 */
export function compileScripts(files, resolver, entries) {
  const modules = new Map();
  const waiting = [...entries];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (modules.has(name)) continue;
    const file = name;
    modules.set(
      file,
      transform(file).replace(REQUIRE, (whole, _, reference) => {
        const target = resolver.module(file, reference);
        if (target === undefined) {
          files.problems.add(file, `the module "${reference}" is not there`);
          return whole;
        }
        resolver.checkReach(file, target);
        waiting.push(target);
        return `require(${JSON.stringify(target)})`;
      }),
    );
  }
  return modules;

  function transform(file) {
    try {
      return esbuild.transformSync(files.read(file), {
        format: 'cjs',
        loader: file.endsWith('.ts') ? 'ts' : 'js',
        target: 'es2020',
        sourcefile: `miniprogram/${file}`,
        sourcemap: 'inline',
        logLevel: 'silent',
      }).code;
    } catch (error) {
      for (const { text, location } of error.errors ?? []) files.problems.add(file, text, location?.line);
      if (error.errors === undefined) throw error;
      return '';
    }
  }
}
