/** A mini program in, one script for the browser out. */
import { readAppConfig } from './app-config.mjs';
import { collectComponents } from './components.mjs';
import { PackageFiles } from './package-files.mjs';
import { Problems } from './problems.mjs';
import { Resolver } from './resolve.mjs';
import { compileScripts } from './scripts.mjs';
import { compileStyles } from './styles.mjs';
import { compileTemplates } from './templates.mjs';

/**
 * @param {string} root the folder with `app.json`
 * @returns {string} a script that calls `startMiniProgram` with the app
 * @throws {import('./problems.mjs').BuildError} naming everything that is wrong
 */
export function compileApp(root) {
  const problems = new Problems();
  const files = new PackageFiles(root, problems);
  const app = readAppConfig(files);
  const resolver = new Resolver(files, app.subPackages);
  const components = collectComponents(files, resolver, app);
  const appScript = files.script('app');
  if (appScript === undefined) problems.add('app.json', 'there is no app.js or app.ts');
  const entries = [appScript, ...components.map(({ script }) => script)].filter((name) => name !== undefined);
  const modules = compileScripts(files, resolver, entries);
  const appStyles = compileStyles(files, resolver, 'app.wxss', {});
  const described = components.map(({ id, isPage, script, config }) => ({
    id,
    isPage,
    script,
    config,
    package: resolver.packageOf(id),
    styles: compileStyles(files, resolver, `${id}.wxss`, isPage ? { route: id } : { isComponent: true }),
  }));
  const templates = compileTemplates(files, resolver, components);
  problems.throwIfAny();
  const fields = {
    config: app.json,
    theme: app.theme,
    pages: app.pages,
    script: appScript,
    styles: appStyles,
    components: described,
    modules: Object.fromEntries(modules),
  };
  // Templates are code; everything else is data.
  return `startMiniProgram({...${JSON.stringify(fields)},\ntemplates: ${templates}});\n`;
}
