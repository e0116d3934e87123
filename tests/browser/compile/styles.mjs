/** Turns WXSS into CSS that the runtime can scope to a page or a component. */
import postcss from 'postcss';
import { resolvePath } from './package-files.mjs';
import { scopeSelectors } from './selectors.mjs';

/**
 * @param {import('./package-files.mjs').PackageFiles} files
 * @param {import('./resolve.mjs').Resolver} resolver
 * @param {string} name a `.wxss` file, which may be missing
 * @param {{ route?: string, isComponent?: boolean }} scope
 */
export function compileStyles(files, resolver, name, scope) {
  if (!files.has(name)) return '';
  const sheet = load(name, []);
  sheet.walkDecls((declaration) => {
    declaration.value = convertUnits(declaration.value);
  });
  sheet.walkAtRules((rule) => {
    rule.params = convertUnits(rule.params);
  });
  sheet.walkRules((rule) => {
    const isKeyframe = rule.parent?.type === 'atrule' && rule.parent.name.endsWith('keyframes');
    if (!isKeyframe) rule.selector = scopeSelectors(rule.selector, scope);
  });
  return sheet.toString();

  function load(file, importing) {
    let parsed;
    try {
      parsed = postcss.parse(files.read(file), { from: file });
    } catch (error) {
      files.problems.add(file, error.reason ?? error.message, error.line);
      return postcss.root();
    }
    parsed.walkAtRules('import', (rule) => {
      const target = resolvePath(file, rule.params.replace(/^url\(|\)$/g, '').replace(/['"\s]/g, ''));
      const line = rule.source?.start?.line;
      if (!files.has(target)) {
        files.problems.add(file, `@import of "${target}", which is missing`, line);
        rule.remove();
      } else if (importing.includes(target)) {
        rule.remove();
      } else {
        resolver.checkReach(file, target, line);
        rule.replaceWith(load(target, [...importing, file]).nodes);
      }
    });
    return parsed;
  }
}

/** 750rpx are the width of the phone. `vh` means the page without the bars around it, which is its container here. */
export function convertUnits(value) {
  return value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, number) => `${Number((number / 7.5).toFixed(5))}vw`)
    .replace(/(-?\d*\.?\d+)vh\b/g, '$1cqh');
}
