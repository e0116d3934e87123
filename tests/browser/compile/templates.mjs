/** Compiles WXML and WXS with glass-easel's compiler. Its warnings fail the build: an unclosed tag is only a warning. */
import { createRequire } from 'node:module';
import { unknownAttributes } from './attributes.mjs';
import { resolvePath } from './package-files.mjs';
import { BUILTINS, NOT_SIMULATED, SYNTAX } from './tags.mjs';
import { scanWxml } from './wxml-scan.mjs';
import { requiredBy, toJavaScript } from './wxs.mjs';

const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler');

/** WXS has these two as globals; the scripts run outside the app's modules, beside the compiled templates. */
const WXS_GLOBALS = `
var getRegExp = (pattern, flags) => new RegExp(pattern, flags);
var getDate = (...parts) => (parts.length > 0 ? new Date(...parts) : new Date());
`;

/**
 * @param {import('./package-files.mjs').PackageFiles} files
 * @param {import('./resolve.mjs').Resolver} resolver
 * @param {import('./components.mjs').Component[]} components
 * @returns {string} a JavaScript expression: the compiled templates by path
 */
export function compileTemplates(files, resolver, components) {
  const group = new TmplGroup();
  const templates = new Map();
  const scripts = new Set();
  try {
    group.setExtraRuntimeScript(WXS_GLOBALS);
    for (const { id } of components) addTemplate(id, `${id}.json`);
    for (const component of components) checkTags(component);
    checkImportedTags();
    files.problems.throwIfAny(); // Generating code from a broken template would only add noise.
    return group.getTmplGenObjectGroups();
  } finally {
    group.free();
  }

  function addTemplate(id, from) {
    if (templates.has(id)) return;
    const name = `${id}.wxml`;
    templates.set(id, { tags: [], dependencies: [], known: new Set(), isRoot: components.some((c) => c.id === id) });
    if (!files.has(name)) return files.problems.add(from, `"${name}" is missing`);
    const { source, tags } = scanWxml(files.read(name));
    for (const warning of group.addTmpl(id, source)) {
      // Published packages have harmless ones (an attribute twice), which their users cannot mend.
      if (!warning.isError && id.includes('miniprogram_npm/')) continue;
      files.problems.add(name, warning.message, (warning.startLine ?? 0) + 1);
    }
    for (const module of group.getInlineScriptModuleNames(id)) {
      group.setInlineScript(id, module, toJavaScript(group.getInlineScript(id, module)));
    }
    const dependencies = [...group.getDirectDependencies(id)];
    Object.assign(templates.get(id), { tags, dependencies });
    for (const script of group.getScriptDependencies(id)) addScript(script.replace(/(\.wxs)?$/, '.wxs'), name);
    for (const dependency of dependencies) {
      resolver.checkReach(name, `${dependency}.wxml`);
      addTemplate(dependency, name);
    }
  }

  function addScript(name, from) {
    if (scripts.has(name)) return;
    scripts.add(name);
    if (!files.has(name)) return files.problems.add(from, `the script "${name}" is missing`);
    resolver.checkReach(from, name);
    const source = files.read(name);
    group.addScript(name.replace(/\.wxs$/, ''), toJavaScript(source));
    for (const reference of requiredBy(source)) addScript(resolvePath(name, reference), name);
  }

  /** A component's own file is checked at once; what it imports is used with the tags of whoever imports it. */
  function checkTags({ id, tags, config }) {
    const known = new Set([...tags, ...Object.keys(config.componentGenerics ?? {})]);
    for (const tag of known) {
      if (BUILTINS.has(tag))
        files.problems.add(`${id}.json`, `<${tag}> is a built-in component and cannot be replaced`);
    }
    const visited = new Set();
    const visit = (template) => {
      if (visited.has(template) || !templates.has(template)) return;
      visited.add(template);
      const { known: seen, dependencies } = templates.get(template);
      known.forEach((tag) => seen.add(tag));
      dependencies.forEach(visit);
    };
    visit(id);
    check(id, known);
  }

  function checkImportedTags() {
    for (const [id, { known, isRoot }] of templates) if (!isRoot) check(id, known);
  }

  function check(id, known) {
    for (const { name, attributes, line } of templates.get(id).tags) {
      if (name === 'canvas' && !/\btype\s*=\s*["']2d["']/.test(attributes)) {
        files.problems.add(`${id}.wxml`, '<canvas> needs type="2d"; the old canvas is not simulated', line);
      }
      for (const attribute of unknownAttributes(name, attributes))
        files.problems.add(`${id}.wxml`, `<${name}> has no attribute "${attribute}"`, line);
      if (BUILTINS.has(name) || SYNTAX.has(name) || known.has(name)) continue;
      const why = NOT_SIMULATED.has(name)
        ? 'is not simulated by this host'
        : 'is neither built in nor named in "usingComponents"';
      files.problems.add(`${id}.wxml`, `<${name}> ${why}`, line);
    }
  }
}
