/** The scripts a frame loads, built when they are first asked for and again when a file has changed. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { compileApp } from '../compile/app.mjs';
import { fingerprint } from '../compile/package-files.mjs';
import { BuildError } from '../compile/problems.mjs';

const RUNTIME = fileURLToPath(new URL('../runtime/', import.meta.url));

/** Builds again only when something under `folder` has changed. */
function rebuilt(folder, build) {
  let state;
  let result;
  return ({ force = false } = {}) => {
    const now = fingerprint(folder);
    if (force || now !== state) {
      state = now;
      result = build();
    }
    return result;
  };
}

/** @returns {() => Promise<{ script: string, map: string, css: string }>} */
export const hostBundle = () =>
  rebuilt(RUNTIME, async () => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path.join(RUNTIME, 'main.js'), path.join(RUNTIME, 'styles/phone.css')],
      bundle: true,
      format: 'iife',
      outdir: RUNTIME,
      write: false,
      // Every start of a phone reads all of it; only a debugger asks for the map.
      minify: true,
      sourcemap: 'linked',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const find = (end) => outputFiles.find(({ path: name }) => name.endsWith(end)).text;
    return { script: find('main.js'), map: find('main.js.map'), css: find('phone.css') };
  });

/**
 * @param {string} app folder of the mini program
 * @returns {(options?: { force?: boolean }) => { script: string, error?: BuildError }}
 */
export const appBundle = (app) =>
  rebuilt(app, () => {
    try {
      return { script: compileApp(app) };
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      return { script: `showBuildProblems(${JSON.stringify(error.problems)});`, error };
    }
  });
