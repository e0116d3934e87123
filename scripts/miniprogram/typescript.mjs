// The app's TypeScript as the checks see it: its program, and what each page or component defines.
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { installed } from './modules.mjs';

/** The compiler and the app's program, from the app's own tsconfig.json. */
export async function programOf({ app, modules }) {
  const { default: ts } = await installed(modules, 'typescript');
  const file = join(app, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, app, undefined, file);
  const program = ts.createProgram(fileNames, options, hostOf(ts, options));
  const pathOf = (source) => relative(app, source.fileName).split(sep).join('/');
  const own = program.getSourceFiles().filter((source) => {
    const path = pathOf(source);
    return !source.isDeclarationFile && !path.startsWith('..') && !path.startsWith('node_modules/');
  });
  return {
    ts,
    program,
    checker: program.getTypeChecker(),
    own,
    pathOf,
    at: (path) => program.getSourceFile(join(app, path)),
  };
}

/** Declarations of libraries, read once for all programs of a process: the tests make many. */
const declarations = new Map();

function hostOf(ts, options) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (!/\/node_modules\/.*\.d\.ts$/.test(name)) return getSourceFile(name, ...rest);
    if (!declarations.has(name)) declarations.set(name, getSourceFile(name, ...rest));
    return declarations.get(name);
  };
  return host;
}

/** What `tsc --noEmit` says. */
export function typeProblems({ ts, program, pathOf }) {
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => ({
    file: file ? pathOf(file) : 'tsconfig.json',
    line: file ? file.getLineAndCharacterOfPosition(start).line + 1 : 1,
    message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  }));
}

/**
 * What a page's or component's file defines: `{ properties, externalClasses, events, methods }`, `methods` from name to
 * node. The definition is the object that the file hands to `Page`, `Component` or a wrapper of ours at its top level,
 * and what the wrapper adds to it.
 */
export function definitionIn(code, source) {
  const { ts } = code;
  const found = { properties: new Set(), externalClasses: new Set(), events: new Set(), methods: new Map() };
  for (const statement of source.statements) {
    if (ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression)) {
      for (const object of wrappedIn(code, statement.expression)) define(code, object, found);
      for (const object of objectsIn(ts, statement.expression)) define(code, object, found);
    }
  }
  addEvents(ts, source, found.events);
  return found;
}

/** The objects that a function of ours hands on, when the call goes to one. */
function wrappedIn({ ts, checker, own }, call) {
  const symbol = checker.getSymbolAtLocation(call.expression);
  if (symbol === undefined) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const wrapper = target.declarations?.find(
    (one) => ts.isFunctionDeclaration(one) && own.includes(one.getSourceFile()),
  );
  const handed = [];
  const visit = (node) => {
    if (ts.isCallExpression(node)) handed.push(...objectsIn(ts, node));
    ts.forEachChild(node, visit);
  };
  if (wrapper?.body) visit(wrapper.body);
  return handed;
}

/** Object literals among the arguments of a call, and of calls among the arguments. */
function objectsIn(ts, call) {
  return call.arguments.flatMap((argument) => {
    if (ts.isObjectLiteralExpression(argument)) return [argument];
    return ts.isCallExpression(argument) ? objectsIn(ts, argument) : [];
  });
}

function define(code, object, found) {
  const { ts } = code;
  const members = membersOf(code, object);
  const component = ['methods', 'properties', 'lifetimes', 'behaviors', 'pageLifetimes'].some((name) =>
    members.has(name),
  );
  if (!component) {
    for (const [name, node] of members) found.methods.set(name, node);
    return;
  }
  const part = (name) => {
    const value = members.get(name)?.initializer;
    return value && ts.isObjectLiteralExpression(value) ? membersOf(code, value) : new Map();
  };
  for (const name of part('properties').keys()) found.properties.add(name);
  for (const [name, node] of part('methods')) found.methods.set(name, node);
  const list = (name) => members.get(name)?.initializer?.elements ?? [];
  for (const element of list('externalClasses'))
    if (ts.isStringLiteral(element)) found.externalClasses.add(element.text);
  for (const element of list('behaviors')) defineBehavior(code, element, found);
}

function defineBehavior(code, element, found) {
  const { ts, checker } = code;
  if (ts.isStringLiteral(element)) return;
  const symbol = checker.getSymbolAtLocation(element);
  const original = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const value = original?.valueDeclaration?.initializer;
  if (!value || !ts.isCallExpression(value)) return;
  for (const object of objectsIn(ts, value)) define(code, object, found);
  addEvents(ts, value.getSourceFile(), found.events);
}

/** The members of an object literal by name; those that `...spread` brings are known by their types. */
function membersOf({ ts, checker }, object) {
  const members = new Map();
  for (const member of object.properties) {
    if (ts.isSpreadAssignment(member)) {
      for (const property of checker.getTypeAtLocation(member.expression).getProperties())
        members.set(property.name, undefined);
    } else if (member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) {
      members.set(member.name.text, member);
    }
  }
  return members;
}

function addEvents(ts, source, events) {
  visit(ts, source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const [name] = node.arguments;
    if (node.expression.name.text === 'triggerEvent' && name && ts.isStringLiteralLike(name)) events.add(name.text);
  });
}

export function visit(ts, node, see) {
  see(node);
  ts.forEachChild(node, (child) => visit(ts, child, see));
}

/** The script of a page or component. */
export const scriptOf = (app, path) => [`${path}.ts`, `${path}.js`].find((file) => existsSync(join(app, file)));

export const lineOf = (node) => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
