/** Finds every page and component an app uses, starting from its pages. */

/**
 * @typedef {object} Component
 * @property {string} id path without extension
 * @property {boolean} isPage
 * @property {string} script
 * @property {string[]} tags the tags it names, found or not
 * @property {object} config its JSON, with `usingComponents` resolved to `/path`
 */

/**
 * @param {import('./package-files.mjs').PackageFiles} files
 * @param {import('./resolve.mjs').Resolver} resolver
 * @param {{ json: object, pages: string[] }} app
 * @returns {Component[]} dependencies first
 */
export function collectComponents(files, resolver, app) {
  const { problems } = files;
  const seen = new Set();
  const ordered = [];

  function visit(id, isPage) {
    if (seen.has(id)) return;
    seen.add(id);
    const script = files.script(id);
    if (script === undefined) return; // Said where it was named.
    const config = readConfig(id, isPage);
    const named = Object.keys({ ...app.json.usingComponents, ...config.usingComponents });
    const using = {
      ...resolveAll('app', app.json.usingComponents ?? {}),
      ...resolveAll(id, config.usingComponents ?? {}),
    };
    for (const target of Object.values(using)) visit(target.slice(1), false);
    ordered.push({ id, isPage, script, tags: named, config: { ...config, usingComponents: using } });
  }

  function readConfig(id, isPage) {
    if (isPage && !files.has(`${id}.json`)) return {};
    const config = files.json(`${id}.json`);
    if (!isPage) {
      if (config.component !== true) problems.add(`${id}.json`, '"component": true is missing');
      return config;
    }
    // A page written with `Component()` says so here; its styles are shared like those of any other page.
    const { component, ...rest } = config;
    return rest;
  }

  function resolveAll(from, references) {
    const resolved = {};
    for (const [tag, reference] of Object.entries(references)) {
      const target = resolver.component(from, reference);
      if (target === undefined || files.script(target) === undefined) {
        problems.add(`${from}.json`, `the component <${tag}> "${reference}" is not there`);
        continue;
      }
      resolver.checkReach(`${from}.json`, target);
      resolved[tag] = `/${target}`;
    }
    return resolved;
  }

  for (const page of app.pages) visit(page, true);
  return ordered;
}
