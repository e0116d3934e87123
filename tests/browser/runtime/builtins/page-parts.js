/** Components that reach beyond their place: `<page-meta>`, `<root-portal>`, `<page-container>`. */
import { drawn, elementOf, reflect } from './define.js';
import { convertUnits, h } from '../dom.js';

export const pageMeta = drawn(
  'page-meta',
  { pageStyle: String, rootFontSize: String, backgroundColor: String, rootBackgroundColor: String },
  (element, data) => {
    const page = element.closest('wx-page');
    if (!page) return;
    page.style.cssText = convertUnits(data.pageStyle);
    if (data.backgroundColor) page.closest('.wechat-page-view').style.background = data.backgroundColor;
    if (data.rootFontSize) page.style.fontSize = data.rootFontSize;
  },
);

/** Its content lies directly in the page, so that no box around it cuts it off. */
export const rootPortal = {
  name: 'root-portal',
  properties: { enable: { type: Boolean, value: true } },
  lifetimes: {
    created() {
      const element = elementOf(this);
      this.content = h('div', { class: 'wechat-root-portal' });
      // The framework goes on to put children into this element; they go to the content instead.
      for (const name of ['appendChild', 'insertBefore', 'removeChild', 'replaceChild']) {
        element[name] = (...nodes) => this.content[name](...nodes);
      }
    },
    attached() {
      const page = elementOf(this).closest('wx-page') ?? document.body;
      page.append(this.content);
    },
    detached() {
      this.content.remove();
    },
  },
};

/** A popup of its own "page": going back closes it first in WeChat; here only a tap beside it does. */
export const pageContainer = {
  name: 'page-container',
  properties: {
    show: Boolean,
    duration: { type: Number, value: 300 },
    position: { type: String, value: 'bottom' },
    round: Boolean,
    overlay: { type: Boolean, value: true },
    overlayStyle: String,
    customStyle: String,
    zIndex: { type: Number, value: 100 },
  },
  observers: {
    show(isShown) {
      this.draw();
      if (isShown === this.wasShown || this.overlay === undefined) return;
      this.wasShown = isShown;
      const [before, now, after] = isShown
        ? ['beforeenter', 'enter', 'afterenter']
        : ['beforeleave', 'leave', 'afterleave'];
      this.triggerEvent(before, {});
      this.triggerEvent(now, {});
      setTimeout(() => this.triggerEvent(after, {}), this.data.duration);
    },
    'position, round, overlay, customStyle, zIndex'() {
      this.draw();
    },
  },
  lifetimes: {
    attached() {
      this.overlay = h('div', {
        class: 'wechat-page-container-overlay',
        onclick: () => {
          this.triggerEvent('clickoverlay', {});
          this.setData({ show: false });
        },
      });
      elementOf(this).before(this.overlay);
      this.wasShown = this.data.show;
      this.draw();
    },
    detached() {
      this.overlay.remove();
    },
  },
  methods: {
    draw() {
      if (this.overlay === undefined) return;
      const { show, overlay, position, round, zIndex } = this.data;
      const element = elementOf(this);
      reflect(this, 'open', show);
      reflect(this, 'position', position);
      reflect(this, 'round', round);
      element.style.cssText = convertUnits(this.data.customStyle);
      element.style.zIndex = String(zIndex + 1);
      this.overlay.hidden = !show || !overlay;
      this.overlay.style.cssText = convertUnits(this.data.overlayStyle);
      this.overlay.style.zIndex = String(zIndex);
    },
  },
};
