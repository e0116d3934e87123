/** `<rich-text>`: HTML or a tree of nodes, shown without scripts and without events. */
import { drawn, ownerOf } from './define.js';
import { sourceUrl } from '../sources.js';

const ATTRIBUTES = new Set([
  'class',
  'style',
  'alt',
  'src',
  'width',
  'height',
  'colspan',
  'rowspan',
  'start',
  'type',
  'dir',
]);
const TAGS = new Set(
  `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em
  fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s section small
  span strong sub sup table tbody td tfoot th thead tr tt u ul`.split(/\s+/),
);

export const richText = drawn('rich-text', { nodes: null }, (element, data, component) => {
  const { nodes } = data;
  const parts = typeof nodes === 'string' ? fromHtml(nodes) : (nodes ?? []);
  element.replaceChildren(...parts.map((node) => build(node, ownerOf(component))).filter(Boolean));
});

function fromHtml(html) {
  const read = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? { type: 'text', text: node.data }
      : {
          name: node.localName,
          attrs: Object.fromEntries(Array.from(node.attributes ?? [], ({ name, value }) => [name, value])),
          children: Array.from(node.childNodes, read),
        };
  return Array.from(new DOMParser().parseFromString(html, 'text/html').body.childNodes, read);
}

function build(node, owner) {
  if (node.type === 'text') return document.createTextNode(node.text);
  if (!TAGS.has(node.name)) return undefined;
  const element = document.createElement(node.name);
  for (const [name, value] of Object.entries(node.attrs ?? {})) {
    if (!ATTRIBUTES.has(name)) continue;
    element.setAttribute(name, name === 'src' ? (sourceUrl(value, owner) ?? '') : value);
  }
  element.append(...(node.children ?? []).map((child) => build(child, owner)).filter(Boolean));
  return element;
}
