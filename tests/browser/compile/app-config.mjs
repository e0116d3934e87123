/** Reads `app.json` and what it names: sub-packages, pages, tab bar, theme. */
import { checkPrivateInterfaces } from './private-interfaces.mjs';

const THEMES = ['light', 'dark'];

/**
 * @param {import('./package-files.mjs').PackageFiles} files
 * @returns {{ json: object, theme: object, pages: string[], subPackages: string[] }}
 */
export function readAppConfig(files) {
  const { problems } = files;
  const json = files.json('app.json');
  const declared = json.subPackages ?? json.subpackages ?? [];
  const subPackages = declared.map(({ root }) => root.replace(/^\/|\/$/g, ''));
  const main = json.pages ?? [];
  if (main.length === 0) problems.add('app.json', '"pages" names no page');
  const pages = [...main, ...declared.flatMap((part, i) => part.pages.map((page) => `${subPackages[i]}/${page}`))];
  for (const page of pages) checkPage(files, page);
  const theme = readTheme(files, json);
  checkTabBar(files, json, theme, main);
  checkPrivateInterfaces(json, (message) => problems.add('app.json', message));
  return { json, theme, pages, subPackages };
}

function checkPage(files, page) {
  if (files.script(page) === undefined) files.problems.add('app.json', `the page "${page}" has no script`);
  if (!files.has(`${page}.wxml`)) files.problems.add('app.json', `the page "${page}" has no .wxml`);
}

/** `theme.json`, checked for every `@name` that the window and the tab bar use. */
function readTheme(files, json) {
  const references = JSON.stringify([json.window ?? {}, json.tabBar ?? {}]).match(/(?<=")@\w+(?=")/g) ?? [];
  if (json.themeLocation === undefined) {
    if (references.length > 0)
      files.problems.add('app.json', `${references[0]} is used, but there is no "themeLocation"`);
    return {};
  }
  const theme = files.json(json.themeLocation);
  for (const variant of THEMES) {
    for (const reference of references) {
      if (theme[variant]?.[reference.slice(1)] !== undefined) continue;
      files.problems.add(json.themeLocation, `the ${variant} theme has no "${reference.slice(1)}"`);
    }
  }
  return theme;
}

function checkTabBar(files, json, theme, mainPages) {
  const list = json.tabBar?.list;
  if (json.tabBar === undefined) return;
  const wrong = (message) => files.problems.add('app.json', `tabBar: ${message}`);
  if (!Array.isArray(list) || list.length < 2 || list.length > 5) return wrong('"list" needs two to five items');
  for (const item of list) {
    if (!mainPages.includes(item.pagePath)) wrong(`"${item.pagePath}" is not a page of the main package`);
    if (!item.text) wrong(`"${item.pagePath}" has no text`);
    for (const icon of [item.iconPath, item.selectedIconPath]) checkIcon(icon);
  }

  function checkIcon(icon) {
    if (icon === undefined) return;
    const paths = icon.startsWith('@') ? THEMES.map((variant) => theme[variant]?.[icon.slice(1)]) : [icon];
    for (const path of paths) {
      if (path !== undefined && !files.has(path.replace(/^\//, ''))) wrong(`the icon "${path}" is missing`);
    }
  }
}
