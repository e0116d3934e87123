// Checks app.json and project.config.json: that DevTools builds the app as we mean it, and that every page is there.
import { existsSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { ownFiles, packagesOf, readJson, unitsOf } from './project.mjs';

export function checkConfig({ app }) {
  return [...checkProject(app), ...checkPages(app)];
}

function checkProject(app) {
  const file = 'project.config.json';
  if (!existsSync(join(app, file))) return [];
  const { compileType, setting = {} } = readJson(app, file);
  const rules = [
    [compileType === 'miniprogram', 'compileType must be "miniprogram"'],
    [setting.useCompilerPlugins?.includes?.('typescript'), 'setting.useCompilerPlugins must include "typescript"'],
    [
      !setting.packNpmManually,
      'setting.packNpmManually must be off: miniprogram_npm is made by scripts/build-miniprogram',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, message]) => ({ file, line: 1, message }));
}

function checkPages(app) {
  const problems = [];
  const report = (message) => problems.push({ file: 'app.json', line: 1, message });
  const pages = packagesOf(app).flatMap((part) => part.pages);
  for (const page of pages) {
    if (!existsSync(join(app, `${page}.wxml`))) report(`names the page ${page}, which does not exist`);
  }
  const main = new Set(packagesOf(app)[0].pages);
  for (const { pagePath } of readJson(app, 'app.json').tabBar?.list ?? []) {
    if (!main.has(pagePath)) report(`has the tab ${pagePath}, which is no page of the main package`);
  }
  const known = new Set(unitsOf(app).units.map(({ path }) => path));
  for (const file of ownFiles(app).filter((name) => extname(name) === '.wxml')) {
    const path = posix.join(posix.dirname(file), posix.basename(file, '.wxml'));
    if (existsSync(join(app, `${path}.json`)) && !known.has(path))
      problems.push({ file, line: 1, message: 'nothing leads to this page or component' });
  }
  return problems;
}
