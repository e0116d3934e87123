// A parser for WXML that keeps the offsets: tags with their attributes, and the text between them.
import { lineAt } from './project.mjs';

const attribute = /([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|\{\{[^}]*\}\}))?/g;
const tagAt = /<(\/?)([A-Za-z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/y;

/** `{ tags, texts, faults }`; each with an `offset`, faults with a message. */
export function parseWxml(source) {
  const result = { tags: [], texts: [], faults: [] };
  const open = [];
  let at = 0;
  while (at < source.length) {
    if (source.startsWith('<!--', at)) {
      const end = source.indexOf('-->', at);
      if (end < 0) result.faults.push({ offset: at, message: 'a comment that does not end' });
      at = end < 0 ? source.length : end + 3;
      continue;
    }
    tagAt.lastIndex = at;
    const match = tagAt.exec(source);
    if (match) {
      const [whole, closing, name, inside, alone] = match;
      if (closing) close(name, at);
      else result.tags.push(tagFrom(name, inside, at, at + 1 + name.length));
      at += whole.length;
      if (!closing && !alone) at = enter(name, at);
      continue;
    }
    const end = textEnd(source, at);
    const text = source.slice(at, end);
    if (text.trim()) result.texts.push({ text, offset: at + text.search(/\S/) });
    at = end;
  }
  for (const { name, offset } of open) result.faults.push({ offset, message: `<${name}> is not closed` });
  return result;

  function enter(name, from) {
    open.push({ name, offset: result.tags.at(-1).offset });
    if (name !== 'wxs') return from;
    const end = source.indexOf('</wxs', from);
    return end < 0 ? source.length : end;
  }

  function close(name, offset) {
    if (open.at(-1)?.name === name) return void open.pop();
    result.faults.push({
      offset,
      message: `</${name}> closes nothing${open.length ? `; <${open.at(-1).name}> is open` : ''}`,
    });
    const index = open.findLastIndex((tag) => tag.name === name);
    if (index >= 0) open.length = index;
  }
}

/** The next tag, not counting a `<` inside of `{{ }}`. */
function textEnd(source, from) {
  let at = from;
  while (at < source.length) {
    if (source.startsWith('{{', at)) {
      const end = source.indexOf('}}', at);
      at = end < 0 ? source.length : end + 2;
    } else if (at > from && source[at] === '<') {
      return at;
    } else {
      at += 1;
    }
  }
  return at;
}

function tagFrom(name, inside, offset, start) {
  const attributes = [...inside.matchAll(attribute)].map((match) => ({
    name: match[1],
    value: match[2]?.replace(/^["']|["']$/g, ''),
    offset: start + match.index,
  }));
  return { name, attributes, offset, get: (wanted) => attributes.find((one) => one.name === wanted)?.value };
}

/** All expressions inside of `{{ }}`, with the offsets of what holds them. */
export function expressionsOf({ tags, texts }) {
  const values = tags.flatMap((tag) => tag.attributes).filter((one) => one.value);
  return [
    ...values.map(({ value, offset }) => [value, offset]),
    ...texts.map(({ text, offset }) => [text, offset]),
  ].flatMap(([text, offset]) => [...text.matchAll(/\{\{(.*?)\}\}/gs)].map((match) => ({ text: match[1], offset })));
}

/** A problem at an offset of a file, as all checks report it. */
export const problemAt = (file, source, offset, message) => ({ file, line: lineAt(source, offset), message });
