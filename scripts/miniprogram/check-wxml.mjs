// Checks the WXML of our pages and components against what they declare: tags, components, attributes, handlers.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readText, unitsOf } from './project.mjs';
import { interfaceOf } from './tdesign-interface.mjs';
import { definitionIn, lineOf, scriptOf, visit } from './typescript.mjs';
import { builtInTags, genericAttribute, handlerOf, lifecycle, nativeEvents } from './wechat-names.mjs';
import { parseWxml, problemAt } from './wxml.mjs';

/** The templates of a page or component: its own and those that it imports or includes. */
export function templatesOf(app, path, seen = new Map()) {
  const file = path.endsWith('.wxml') ? path : `${path}.wxml`;
  if (seen.has(file) || file.startsWith('miniprogram_npm/') || !existsSync(join(app, file))) return seen;
  const source = readText(app, file);
  const parsed = parseWxml(source);
  seen.set(file, { file, source, ...parsed });
  for (const { name, get } of parsed.tags) {
    const target = get('src');
    if (!target || (name !== 'import' && name !== 'include')) continue;
    const inside = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(file), target);
    templatesOf(app, inside, seen);
  }
  return seen;
}

/** All problems in the WXML of an app, given its program. */
export async function checkWxml(project, code) {
  const { app } = project;
  const { shared, units } = unitsOf(app);
  const interfaces = new Interfaces(project, code);
  const usedShared = new Set();
  const problems = [];
  for (const unit of units) {
    const templates = [...templatesOf(app, unit.path).values()];
    const script = scriptOf(app, unit.path);
    if (!templates.length || !script) {
      problems.push({ file: `${unit.path}.json`, line: 1, message: `has no ${script ? 'wxml' : 'script'} beside it` });
      continue;
    }
    const definition = script.endsWith('.ts') ? definitionIn(code, code.at(script)) : undefined;
    const used = new Set();
    const bound = new Set();
    const defined = new Set(
      templates.flatMap(({ tags }) => tags.filter((tag) => tag.name === 'template').map((tag) => tag.get('name'))),
    );
    for (const template of templates) {
      const report = (offset, message) => problems.push(problemAt(template.file, template.source, offset, message));
      for (const { offset, message } of template.faults) report(offset, message);
      for (const tag of template.tags) {
        checkTag(tag, { unit, defined, used, report });
        for (const { offset, message } of await interfaces.faults(tag, unit.components.get(tag.name)))
          report(offset, message);
        for (const { name, offset } of handlersIn(tag)) {
          bound.add(name);
          if (definition && !definition.methods.has(name)) report(offset, `${script} has no method "${name}"`);
        }
      }
    }
    for (const name of unit.own.keys()) {
      if (!used.has(name))
        problems.push({
          file: `${unit.path}.json`,
          line: 1,
          message: `names the component ${name}, which is not used`,
        });
    }
    for (const name of used) usedShared.add(name);
    if (definition) problems.push(...deadHandlers(code, definition, bound, script));
  }
  for (const name of shared.keys()) {
    if (!usedShared.has(name))
      problems.push({ file: 'app.json', line: 1, message: `names the component ${name}, which is not used` });
  }
  return problems;
}

function checkTag(tag, { unit, defined, used, report }) {
  used.add(tag.name);
  for (const { name, value } of tag.attributes) if (name.startsWith('generic:')) used.add(value);
  if (!builtInTags.has(tag.name) && !unit.components.has(tag.name))
    report(tag.offset, `<${tag.name}> is no component that ${unit.path} names`);
  // WeChat lets people select what stands in a text, and takes no notice of it elsewhere.
  const selectable = tag.attributes.find(({ name }) => name === 'user-select');
  if (selectable && tag.name !== 'text') report(selectable.offset, `<${tag.name}> has no attribute "user-select"`);
  const template = tag.name === 'template' && tag.get('is');
  if (template && !template.includes('{{') && !defined.has(template))
    report(tag.offset, `there is no template "${template}"`);
}

/** The names of methods that a tag binds; an expression may choose among several. */
function handlersIn(tag) {
  return tag.attributes.flatMap(({ name, value, offset }) => {
    if (!handlerOf(name) || !value) return [];
    const names = value.includes('{{') ? [...value.matchAll(/'([^']*)'/g)].map((match) => match[1]) : [value];
    return names.filter(Boolean).map((method) => ({ name: method, offset }));
  });
}

/** Methods called as handlers are (`onTap`) that nothing names. */
function deadHandlers(code, { methods }, bound, script) {
  const { ts } = code;
  const suspects = [...methods].filter(
    ([name, node]) => node && /^on[A-Z]/.test(name) && !lifecycle.has(name) && !bound.has(name),
  );
  const named = new Set();
  if (suspects.length) {
    visit(ts, code.at(script), (node) => {
      if (ts.isPropertyAccessExpression(node)) named.add(node.name.text);
      if (ts.isStringLiteralLike(node)) named.add(node.text);
    });
  }
  return suspects
    .filter(([name]) => !named.has(name))
    .map(([name, node]) => ({ file: script, line: lineOf(node), message: `nothing uses the handler "${name}"` }));
}

/** Finds attributes that a component does not take. */
class Interfaces {
  known = new Map();

  constructor(project, code) {
    Object.assign(this, { project, code });
  }

  async faults(tag, path) {
    if (!path || path.startsWith('plugin:')) return [];
    if (!this.known.has(path)) this.known.set(path, await this.load(path));
    const taken = this.known.get(path);
    if (!taken) return [{ offset: tag.offset, message: `there is no component ${path}` }];
    return tag.attributes
      .filter(({ name }) => !takes(taken, name))
      .map(({ name, offset }) => ({
        offset,
        message: `<${tag.name}> has no ${handlerOf(name) ? 'event' : 'attribute'} "${handlerOf(name) ?? name}"`,
      }));
  }

  async load(path) {
    const { project, code } = this;
    const packed = path.match(/^miniprogram_npm\/tdesign-miniprogram\/(.*)/)?.[1];
    if (packed) return existsSync(join(project.tdesign, `${packed}.js`)) ? interfaceOf(project, packed) : undefined;
    const script = scriptOf(project.app, path);
    return script?.endsWith('.ts') ? definitionIn(code, code.at(script)) : undefined;
  }
}

function takes({ properties, externalClasses, events }, name) {
  const event = handlerOf(name);
  if (event) return events.has(event) || nativeEvents.has(event);
  if (genericAttribute(name) || externalClasses.has(name)) return true;
  const property = name.replace(/^(model|change):/, '').replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  return properties.has(property);
}
