/** A map that can be dragged and zoomed: what `<map>`, `wx.chooseLocation` and `wx.openLocation` show. */
import { h } from '../dom.js';
import { gridLines, scaleBar } from './base.js';
import { fit, project, unproject } from './mercator.js';
import { watchMapGestures } from './moves.js';
import { svg } from './svg.js';

export const SCALES = { least: 3, most: 20 };

export class MapView {
  /**
   * @param {Element} container
   * @param {object} options
   * @param {{ latitude: number, longitude: number }} options.center
   * @param {number} options.scale
   * @param {(position: { latitude: number, longitude: number }) => void} [options.onTap]
   * @param {(type: 'begin' | 'end', causedBy: string) => void} [options.onRegion]
   */
  constructor(container, { center, scale, onTap, onRegion }) {
    Object.assign(this, { center, scale, limits: { ...SCALES }, onTap, onRegion });
    /** What may be done with fingers. */
    this.may = { scroll: true, zoom: true };
    /** @type {(() => void)[]} drawn after the grid, each time */
    this.layers = [];
    this.grid = svg('g', { class: 'wechat-map-grid' });
    this.shapes = svg('g', { class: 'wechat-map-shapes' });
    this.markers = h('div', { class: 'wechat-map-markers' });
    this.bar = h('div', { class: 'wechat-map-scale', 'aria-hidden': 'true' });
    const drawing = svg('svg', { class: 'wechat-map-drawing', 'aria-hidden': 'true' }, this.grid, this.shapes);
    this.element = h('div', { class: 'wechat-map wechat-native' }, drawing, this.markers, this.bar);
    container.prepend(this.element);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.element);
    watchMapGestures(this);
  }

  release() {
    this.watcher.disconnect();
    this.element.remove();
  }

  get size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  toPixel(position) {
    const { width, height } = this.size;
    const [middle, point] = [project(this.center, this.scale), project(position, this.scale)];
    return { x: point.x - middle.x + width / 2, y: point.y - middle.y + height / 2 };
  }

  toPosition({ x, y }) {
    const { width, height } = this.size;
    const middle = project(this.center, this.scale);
    return unproject({ x: middle.x + x - width / 2, y: middle.y + y - height / 2 }, this.scale);
  }

  region() {
    const { width, height } = this.size;
    return {
      southwest: this.toPosition({ x: 0, y: height }),
      northeast: this.toPosition({ x: width, y: 0 }),
    };
  }

  /** Shows another part of the world. */
  move({ center = this.center, scale = this.scale }) {
    this.center = { latitude: center.latitude, longitude: center.longitude };
    this.scale = Math.max(this.limits.least, Math.min(this.limits.most, scale));
    this.draw();
  }

  /** The same, for a call or an attribute, which a page is told of. */
  update(to) {
    this.onRegion?.('begin', 'update');
    this.move(to);
    this.onRegion?.('end', 'update');
  }

  include(points, padding = [0, 0, 0, 0]) {
    if (points.length === 0) return;
    // A map that is not laid out yet has no size to fit them in.
    if (this.size.width === 0) this.waiting = () => this.include(points, padding);
    else this.update(fit(points, this.size, padding, this.limits));
  }

  draw() {
    if (this.size.width === 0 || this.size.height === 0) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.();
    this.grid.replaceChildren(...gridLines(this));
    const { width, text } = scaleBar(this.center.latitude, this.scale);
    this.bar.style.width = `${width}px`;
    this.bar.textContent = text;
    for (const layer of this.layers) layer();
  }
}
