/** Reads WXML just far enough to find its tags; the real compiler does the rest. */
import { BUILTINS } from './tags.mjs';

/**
 * Renames the built-in tags (`<view>` to `<wx-view>`), so that in the page they are elements without a meaning of
 * their own to the browser, and lists every tag that was opened.
 * @param {string} source
 * @returns {{ source: string, tags: { name: string, attributes: string, line: number }[] }}
 */
export function scanWxml(source) {
  const tags = [];
  let out = '';
  let at = 0;
  const copyTo = (end) => {
    out += source.slice(at, end);
    at = end;
  };
  while (at < source.length) {
    if (source.startsWith('<!--', at)) {
      copyTo(after(source, '-->', at));
      continue;
    }
    if (source.startsWith('{{', at)) {
      copyTo(after(source, '}}', at));
      continue;
    }
    const opening = /^<(\/?)([a-zA-Z][\w-]*)/.exec(source.slice(at, at + 80));
    if (opening === null) {
      copyTo(at + 1);
      continue;
    }
    const [text, slash, name] = opening;
    const line = lineOf(source, at);
    out += `<${slash}${BUILTINS.has(name) ? `wx-${name}` : name}`;
    at += text.length;
    const start = at;
    copyTo(endOfTag(source, at));
    if (slash !== '') continue;
    const attributes = source.slice(start, at);
    tags.push({ name, attributes, line });
    if (name === 'wxs' && !attributes.endsWith('/>')) copyTo(before(source, '</wxs', at));
  }
  return { source: out, tags };
}

/** The position behind the `>` that closes a tag; one inside quotes does not. */
function endOfTag(source, from) {
  let quote;
  for (let i = from; i < source.length; i++) {
    const c = source[i];
    if (quote !== undefined) {
      if (c === quote) quote = undefined;
    } else if (c === '"' || c === "'") {
      quote = c;
    } else if (c === '>') {
      return i + 1;
    }
  }
  return source.length;
}

function after(source, text, from) {
  const found = source.indexOf(text, from);
  return found < 0 ? source.length : found + text.length;
}

function before(source, text, from) {
  const found = source.indexOf(text, from);
  return found < 0 ? source.length : found;
}

function lineOf(source, at) {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) line++;
  return line;
}
