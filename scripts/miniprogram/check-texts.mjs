// Checks the texts: both languages alike, every text used and none missing, and no Chinese outside of them.
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { templatesOf } from './check-wxml.mjs';
import { ownFiles, readText, unitsOf } from './project.mjs';
import { lineOf, scriptOf, visit } from './typescript.mjs';
import { expressionsOf, parseWxml, problemAt } from './wxml.mjs';

const chinese = /[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]/;

export function checkTexts(project, code) {
  const languages = ['zh', 'en'].map((name) => readTexts(code, name));
  const missing = languages.filter(({ sections }) => !sections);
  if (missing.length)
    return missing.map(({ file, name }) => ({ file, line: 1, message: `does not export the object "${name}"` }));
  const [zh, en] = languages;
  return [
    ...compare(zh, en),
    ...compare(en, zh),
    ...checkCodes(project, languages),
    ...checkUses(project, code, zh),
    ...checkChinese(project, code),
  ];
}

/** `sections` from name to `{ file, line, keys }`, `keys` from name to `{ text, node }`. */
function readTexts(code, name) {
  const { ts, at } = code;
  const file = `texts/${name}.ts`;
  const declarations = (at(file)?.statements ?? [])
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations]);
  const valueOf = (wanted) =>
    bare(ts, declarations.find((declaration) => declaration.name.text === wanted)?.initializer);
  const object = valueOf(name);
  if (!object || !ts.isObjectLiteralExpression(object)) return { file, name };
  const sections = new Map(
    sectionsOf(code, object).map((section) => {
      const keys = (bare(ts, section.initializer)?.properties ?? []).map((key) => [
        key.name.text,
        { text: key.initializer.text, node: key },
      ]);
      const where = { file: code.pathOf(section.getSourceFile()), line: lineOf(section) };
      return [section.name.text, { ...where, keys: new Map(keys) }];
    }),
  );
  const dynamic = new Set((valueOf('dynamicSections')?.elements ?? []).map((element) => element.text));
  return { file, name, sections, dynamic };
}

/** The sections of an object, and of those that are spread into it from other files. */
function sectionsOf(code, object) {
  const { ts, checker } = code;
  return object.properties.flatMap((property) => {
    if (!ts.isSpreadAssignment(property)) return [property];
    const symbol = checker.getSymbolAtLocation(property.expression);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const value = bare(ts, target?.declarations?.[0]?.initializer);
    return value && ts.isObjectLiteralExpression(value) ? sectionsOf(code, value) : [];
  });
}

/** Without `as const` and `satisfies T`. */
function bare(ts, node) {
  return node && (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) ? bare(ts, node.expression) : node;
}

const placeholders = (text = '') =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1])
    .sort()
    .join(', ');

/** What `one` has and the other has not, or otherwise. */
function compare(one, other) {
  const problems = [];
  for (const [section, { file, line, keys }] of one.sections) {
    const others = other.sections.get(section)?.keys;
    if (!others) problems.push({ file, line, message: `${other.name} has no section "${section}"` });
    for (const [key, { text, node }] of others ? keys : []) {
      const report = (message) => problems.push({ file, line: lineOf(node), message });
      if (text === undefined) report(`${section}.${key} is no string`);
      else if (!others.has(key)) report(`${other.name} has no ${section}.${key}`);
      else if (one.name === 'zh' && placeholders(text) !== placeholders(others.get(key).text)) {
        const [here, there] = [text, others.get(key).text].map(placeholders);
        report(`${section}.${key} has the placeholders {${here}}, but {${there}} in ${other.name}`);
      }
    }
  }
  return problems;
}

/** Every code of the server has a sentence in both languages. */
function checkCodes({ rust }, languages) {
  const reasons = readText(rust, 'ticket/reason.rs').match(
    /impl Reason \{[\s\S]*?fn as_str[^{]*\{([\s\S]*?)\n    \}/,
  )[1];
  const wanted = {
    problems: [...readText(rust, 'problem.rs').matchAll(/^\s+\w+ = "(\w+)", \d{3},/gm)].map((match) => match[1]),
    reasons: [...reasons.matchAll(/=> "(\w+)"/g)].map((match) => match[1]),
  };
  return languages.flatMap(({ file, sections }) =>
    Object.entries(wanted).flatMap(([section, codes]) => {
      if (!codes.length) throw new Error(`no codes found for the section ${section}`);
      const known = sections.get(section) ?? { file, line: 1, keys: new Map() };
      return codes
        .filter((name) => !known.keys.has(name))
        .map((name) => ({ file: known.file, line: known.line, message: `${section}.${name} is missing` }));
    }),
  );
}

function checkUses({ app }, code, zh) {
  const used = new Set();
  const problems = [];
  for (const source of code.own) if (!code.pathOf(source).startsWith('texts/')) markUses(code, source, used);
  for (const { path } of unitsOf(app).units) {
    const script = scriptOf(app, path);
    const scope = script?.endsWith('.ts') ? scopeOf(code, code.at(script), zh) : undefined;
    const touched = new Set();
    for (const template of templatesOf(app, path).values()) {
      for (const { text, offset } of expressionsOf(template)) {
        for (const [whole, names] of text.matchAll(/(?<![\w.$'"])t((?:\.[A-Za-z_]\w*)+)/g)) {
          const fault = follow(scope, names.slice(1).split('.'), { used, touched, zh });
          if (fault) problems.push(problemAt(template.file, template.source, offset, `${whole}: ${fault}`));
        }
      }
    }
    for (const { name, node } of scope?.listed ?? []) {
      if (!touched.has(name))
        problems.push({
          file: script,
          line: lineOf(node),
          message: `lists the section "${name}", which its WXML does not use`,
        });
    }
  }
  for (const [section, { file, keys }] of zh.sections) {
    for (const [key, { node }] of zh.dynamic.has(section) ? [] : keys) {
      if (!used.has(node)) problems.push({ file, line: lineOf(node), message: `${section}.${key} is not used` });
    }
  }
  return problems;
}

/**
 * What `t` is for a page or component: the sections that it lists as `texts: [...]`, or what its data says
 * (`t: texts()` or `t: texts().section`).
 */
function scopeOf(code, source, zh) {
  const { ts } = code;
  let scope;
  visit(ts, source, (node) => {
    if (!ts.isPropertyAssignment(node)) return;
    if (node.name.text === 'texts' && ts.isArrayLiteralExpression(node.initializer)) {
      const listed = node.initializer.elements.map((element) => ({ name: element.text, node: element }));
      scope = { sections: new Map(listed.map(({ name }) => [name, zh.sections.get(name)])), listed };
    } else if (node.name.text === 't' && !scope) {
      const path = node.initializer.getText().match(/^texts\(\)(?:\.(\w+))?$/);
      if (path) scope = path[1] ? { keys: zh.sections.get(path[1])?.keys } : { sections: zh.sections };
    }
  });
  return scope;
}

/** Marks what `t.a.b` names as used; answers what is wrong with it. */
function follow(scope, names, { used, touched, zh }) {
  if (!scope) return 'the script gives the page no texts';
  const rest = [...names];
  let { keys } = scope;
  let section;
  if (!keys) {
    section = rest.shift();
    touched.add(section);
    keys = scope.sections.get(section)?.keys;
    if (!keys)
      return zh.sections.has(section)
        ? `the script does not list the section "${section}"`
        : `there is no section "${section}"`;
    if (!rest.length) return zh.dynamic.has(section) ? undefined : `names a section, not a text`;
  }
  const key = keys.get(rest[0]);
  if (!key) return `there is no text "${rest[0]}"`;
  used.add(key.node);
  return undefined;
}

/** Marks the texts that a script names, by whatever path, because the compiler knows where each name was declared. */
function markUses({ ts, checker }, source, used) {
  const mark = (symbol) => symbol?.declarations?.forEach((declaration) => used.add(declaration));
  visit(ts, source, (node) => {
    if (ts.isPropertyAccessExpression(node)) mark(checker.getSymbolAtLocation(node.name));
    else if (ts.isElementAccessExpression(node)) mark(checker.getSymbolAtLocation(node.argumentExpression));
    else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = (node.propertyName ?? node.name).text;
      mark(name && checker.getTypeAtLocation(node.parent).getProperty(name));
    }
  });
}

function checkChinese({ app }, { ts, own, pathOf }) {
  const problems = [];
  const message = 'a text in Chinese, which belongs to texts/';
  for (const file of ownFiles(app).filter((name) => extname(name) === '.wxml')) {
    const source = readText(app, file);
    const { tags, texts } = parseWxml(source);
    const places = [
      ...texts,
      ...tags.flatMap((tag) => tag.attributes).map(({ value = '', offset }) => ({ text: value, offset })),
    ];
    for (const { text, offset } of places)
      if (chinese.test(text)) problems.push(problemAt(file, source, offset, message));
  }
  for (const source of own) {
    const file = pathOf(source);
    if (file.startsWith('texts/') || !existsSync(join(app, file))) continue;
    visit(ts, source, (node) => {
      const literal =
        ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
      if (literal && chinese.test(node.text)) problems.push({ file, line: lineOf(node), message });
    });
  }
  return problems;
}
