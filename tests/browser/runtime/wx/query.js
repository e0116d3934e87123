/** Selector queries and intersection observers. */
import { component as adapter } from 'glass-easel-miniprogram-adapter';
import { CANVAS_NODE } from '../builtins/canvas.js';
import { MAP } from '../builtins/map.js';
import { pageRectangle } from '../geometry.js';
import { topPage } from '../page-stack.js';
import { syncCall } from './define.js';
import { mapContext } from './map.js';

class NodesRef {
  constructor(query, find, isSingle) {
    Object.assign(this, { query, find, isSingle });
  }

  fields(wanted, callback) {
    const read = () => {
      const found = this.find().map((node) => fieldsOf(node, wanted));
      return this.isSingle ? (found[0] ?? null) : found;
    };
    return this.query.add(read, callback);
  }

  boundingClientRect(callback) {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback);
  }

  scrollOffset(callback) {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback);
  }

  node(callback) {
    return this.fields({ node: true }, callback);
  }

  context(callback) {
    return this.fields({ context: true }, callback);
  }
}

class SelectorQuery {
  #steps = [];
  #scope;

  constructor(scope) {
    this.#scope = scope;
  }

  in(component) {
    this.#scope = component;
    return this;
  }

  select(selector) {
    return new NodesRef(
      this,
      this.#finder((root) => [root.querySelector(selector)].filter(Boolean)),
      true,
    );
  }

  selectAll(selector) {
    return new NodesRef(
      this,
      this.#finder((root) => root.querySelectorAll(selector)),
      false,
    );
  }

  selectViewport() {
    return new NodesRef(this, () => [{ id: '', dataset: {}, $$: topPage().scroller }], true);
  }

  add(read, callback) {
    this.#steps.push({ read, callback });
    return this;
  }

  exec(callback) {
    // Later, as in WeChat: what was set before the query is drawn by then.
    setTimeout(() => {
      const results = this.#steps.map(({ read }) => read());
      results.forEach((result, index) => this.#steps[index].callback?.(result));
      callback?.(results);
    }, 0);
    return this;
  }

  #finder(find) {
    const scope = this.#scope;
    return () => find((scope ?? topPage().instance)._$.getShadowRoot());
  }
}

/** @param {{ id: string, dataset: object, $$: Element }} node */
function fieldsOf(node, wanted) {
  const element = node.$$;
  const result = {};
  if (wanted.id) result.id = node.id;
  if (wanted.dataset) result.dataset = node.dataset;
  if (wanted.mark) result.mark = node.collectMarks?.() ?? {};
  const { width, height, ...edges } = pageRectangle(element);
  if (wanted.rect) Object.assign(result, edges);
  if (wanted.size) Object.assign(result, { width, height });
  if (wanted.scrollOffset) {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = element;
    Object.assign(result, { scrollLeft, scrollTop, scrollWidth, scrollHeight });
  }
  for (const name of wanted.properties ?? []) result[name] = node.data?.[name];
  const styles = wanted.computedStyle === undefined ? undefined : getComputedStyle(element);
  for (const name of wanted.computedStyle ?? []) result[name] = styles[name];
  if (wanted.node) result.node = element[CANVAS_NODE] ?? null;
  if (wanted.context) result.context = element[MAP] === undefined ? {} : mapContext(() => element[MAP]);
  return result;
}

syncCall('createSelectorQuery', () => new SelectorQuery(), { isRecorded: false });
syncCall('createIntersectionObserver', (component, options) => component.createIntersectionObserver(options), {
  isRecorded: false,
});

// The framework's own query knows no canvas and no page area.
adapter.ComponentCaller.prototype.createSelectorQuery = function () {
  return new SelectorQuery(this);
};
