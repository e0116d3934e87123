// tdesign's icons as SVG masks in a style sheet, in place of its font, which comes from a CDN.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { lineAt, ownFiles, readJson, readText } from './project.mjs';

/** Values of `icon` that are no names of icons: shapes of radios, slots, and icons of `wx.showToast`. */
const words = new Set([
  'circle',
  'line',
  'dot',
  'rectangle',
  'slot',
  'default',
  'true',
  'false',
  'none',
  'success',
  'error',
  'loading',
  '',
]);

/** Names that a component puts together at run time. */
const composed = {
  'checkbox/checkbox.wxml': [
    'check-circle-filled',
    'check-rectangle-filled',
    'minus-circle-filled',
    'minus-rectangle-filled',
  ],
};

const literal = /(===?\s*|!==?\s*)?'([a-z][a-z0-9-]*)'(\s*[!=]==?)?/g;

/** The string literals of an expression, without those that are only compared with. */
function literalsIn(expression) {
  return [...expression.matchAll(literal)].filter((match) => !match[1] && !match[3]).map((match) => match[2]);
}

/** The icons that the app's own files name, each with the place that names it first. */
export function namedIcons(app) {
  const places = new Map();
  const add = (name, place) => places.has(name) || places.set(name, place);
  for (const file of ownFiles(app)) {
    const find = finders[extname(file)];
    if (!find || file.endsWith('.d.ts')) continue;
    const text = readText(app, file);
    for (const { name, offset } of find(text)) add(name, `${file}:${lineAt(text, offset)}`);
  }
  if (existsSync(join(app, 'icons.json'))) {
    for (const name of readJson(app, 'icons.json').icons) add(name, 'icons.json:1');
  }
  return places;
}

const isIcon = (name) => !words.has(name) && !name.includes('/');

/** Members called `icon` or `emptyIcon`, and constants called `ICONS`. */
const typescript = [
  /\b(?:icon|\w+Icon)\??\s*:\s*(\{[^}]*\}|[^,;}\n]*)/g,
  /\bconst \w*(?:ICON|[iI]con)[sS]?\b[^=]*=\s*(\{[^}]*\}|\[[^\]]*\])/g,
];

const finders = {
  '.wxml': function* (text) {
    for (const tag of text.matchAll(/<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g)) {
      for (const [, name, , value] of tag[2].matchAll(/([\w-]+)\s*=\s*(["'])(.*?)\2/gs)) {
        if (!(name === 'icon' || /(-icon|Icon)$/.test(name) || (name === 'name' && tag[1] === 't-icon'))) continue;
        const names = value.includes('{{') ? literalsIn(value) : [value];
        const icons = name === 'name' ? names : names.filter(isIcon);
        for (const icon of icons) yield { name: icon, offset: tag.index };
      }
    }
  },
  '.ts': function* (text) {
    for (const pattern of typescript) {
      for (const match of text.matchAll(pattern)) {
        for (const name of literalsIn(match[1]).filter(isIcon)) yield { name, offset: match.index };
      }
    }
  },
  '.json': function* (text) {
    for (const match of text.matchAll(/"icon"\s*:\s*"([a-z][a-z0-9-]*)"/g))
      yield { name: match[1], offset: match.index };
  },
};

/** The icons that tdesign's own components name; scripts also hold hyphened names of other things. */
function defaultIcons(files, known) {
  const names = new Set();
  for (const [file, text] of files) {
    for (const name of composed[file] ?? []) names.add(name);
    if (file.endsWith('.wxml')) {
      for (const [attributes] of text.matchAll(/(?:<t-icon\b|is="icon")(?:"[^"]*"|[^>"])*>/g)) {
        for (const [, name] of attributes.matchAll(/\bname="([a-z0-9-]+)"/g)) names.add(name);
        for (const [, expression] of attributes.matchAll(/\b(?:name="\{\{|name:)([^}]*)/g))
          literalsIn(expression).forEach((name) => names.add(name));
      }
    } else if (file.endsWith('.js')) {
      for (const [, name] of text.matchAll(/"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"/g)) names.add(name);
      for (const [, name] of text.matchAll(/calcIcon\([^()]*,"([a-z0-9-]+)"\)/g)) names.add(name);
    }
  }
  return [...names].filter((name) => known.has(name));
}

/** `icon.wxss` for the packed components and the app. Throws when the app names an icon that does not exist. */
export function iconStyle(project, files) {
  const folder = join(project.modules, 'tdesign-icons-svg/src');
  const known = new Set(readdirSync(folder).map((file) => file.replace(/\.svg$/, '')));
  const named = namedIcons(project.app);
  const unknown = [...named].filter(([name]) => !known.has(name));
  if (unknown.length)
    throw new Error(unknown.map(([name, place]) => `${place}: there is no icon "${name}"`).join('\n'));

  const names = [...new Set([...named.keys(), ...defaultIcons(files, known)])].sort();
  const rules = names.map((name) => {
    const mask = `url("${dataUrl(readFileSync(join(folder, `${name}.svg`), 'utf8'))}")`;
    return `.t-icon-${name}{-webkit-mask-image:${mask};mask-image:${mask};}`;
  });
  return `${[base, ...rules].join('\n')}\n`;
}

/** Margins centre the icon as text-align does with the characters of the font. */
const base = `@import '../common/style/index.wxss';
.t-icon--image{width:100%;height:100%;}
.t-icon__image{vertical-align:top;width:100%;height:100%;}
.t-icon-base{display:block;width:1em;height:1em;margin:0 auto;background-color:currentColor;}
.t-icon-base{-webkit-mask-position:center;-webkit-mask-repeat:no-repeat;-webkit-mask-size:contain;}
.t-icon-base{mask-position:center;mask-repeat:no-repeat;mask-size:contain;}`;

/** The files say `view-box`, which no browser knows; without it a mask does not scale. */
function dataUrl(svg) {
  const used = new Set([...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]));
  const small = svg
    .replace(/ view-box=/, ' viewBox=')
    .replace(/<svg([^>]*)>/, (_, attributes) => `<svg${attributes.replace(/ (?:width|height|class)="[^"]*"/g, '')}>`)
    .replace(/ id="([^"]*)"/g, (text, id) => (used.has(id) ? text : ''))
    .replaceAll('currentColor', '#000')
    .replace(/<(path|circle|ellipse)([^>]*)><\/\1>/g, (_, tag, rest) => (invisible(rest) ? '' : `<${tag}${rest}/>`))
    .replaceAll('"', "'");
  const flat = small.includes('<g ') ? small : small.replace(/<\/?g>/g, '');
  return `data:image/svg+xml,${flat.replace(/[%#<>{}\\^`|]/g, encodeURIComponent)}`;
}

const invisible = (attributes) => attributes.includes('fill="transparent"') && !attributes.includes('stroke="');
