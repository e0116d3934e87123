/** `<canvas type="2d">`. A page draws on the node that a selector query gives. */
import { elementOf, ownerOf, seal } from './define.js';
import { sourceUrl } from '../sources.js';

/** On the element: what the query hands out. */
export const CANVAS_NODE = Symbol('canvas node');

const drawings = new WeakMap();

/** The browser's canvas behind a node that a page has, or undefined. */
export const drawingOf = (node) => drawings.get(node);

export const canvas = {
  name: 'canvas',
  properties: { type: String, canvasId: String, disableScroll: Boolean },
  lifetimes: {
    attached() {
      const element = elementOf(this);
      const drawing = seal(document.createElement('canvas'));
      element.append(drawing);
      if (this.data.disableScroll) element.style.touchAction = 'none';
      element[CANVAS_NODE] = canvasNode(drawing, ownerOf(this));
    },
  },
};

/** No more than WeChat's own node has: the browser's element would let a page do what a phone cannot. */
function canvasNode(drawing, owner) {
  const node = {
    get width() {
      return drawing.width;
    },
    set width(value) {
      drawing.width = value;
    },
    get height() {
      return drawing.height;
    },
    set height(value) {
      drawing.height = value;
    },
    getContext(kind) {
      return kind === '2d' ? drawing.getContext('2d') : null;
    },
    createImage: () => createImage(owner),
    createImageData: (...size) => new ImageData(...size),
    createPath2D: (path) => new Path2D(path),
    requestAnimationFrame: (callback) => requestAnimationFrame(callback),
    cancelAnimationFrame: (id) => cancelAnimationFrame(id),
    toDataURL: (...options) => drawing.toDataURL(...options),
  };
  drawings.set(node, drawing);
  return node;
}

function createImage(owner) {
  const image = new Image();
  const { set, get } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
  Object.defineProperty(image, 'src', {
    get,
    set(source) {
      set.call(this, sourceUrl(source, owner) ?? '');
    },
  });
  return image;
}
