import parser from 'postcss-selector-parser';
import { BUILTINS } from './tags.mjs';

/**
 * Stands before each class name of a component. The runtime puts the component's prefix in its place, or nothing:
 * whether a component is isolated may be said in its script, which only the runtime reads.
 */
export const SCOPE_MARK = '__mp_scope__';
/** Stands for the component's prefix in `:host`. */
export const HOST_MARK = '__mp_host__';

/** @param {string} selector  @param {{ route?: string, isComponent?: boolean }} scope */
export function scopeSelectors(selector, { route, isComponent = false }) {
  return parser((root) => {
    root.walkTags((tag) => {
      if (tag.value === 'page') tag.value = 'wx-page';
      else if (BUILTINS.has(tag.value)) tag.value = `wx-${tag.value}`;
    });
    if (isComponent) scopeToComponent(root);
    if (route !== undefined) root.each((one) => scopeToPage(one, route));
  }).processSync(selector);
}

function scopeToComponent(root) {
  root.walkClasses((name) => {
    name.value = SCOPE_MARK + name.value;
  });
  root.walkPseudos((pseudo) => {
    if (pseudo.value !== ':host') return;
    const host = { attribute: 'wx-host', operator: '=', value: HOST_MARK, quoteMark: '"', raws: {} };
    pseudo.replaceWith(parser.attribute(host));
  });
}

/** All pages live in one document here, so each page's styles name the page; `:where` adds no weight. */
function scopeToPage(selector, route) {
  const page = parser.pseudo({ value: `:where([data-route="${route}"])` });
  const first = selector.first;
  if (first?.type === 'tag' && first.value === 'wx-page') {
    selector.insertAfter(first, page);
    return;
  }
  selector.prepend(parser.combinator({ value: ' ' }));
  selector.prepend(page);
}
