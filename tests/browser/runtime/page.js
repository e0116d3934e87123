/** One page: its component, its area on the phone, its life. */
import { byId, h } from './dom.js';
import { recordError } from './record.js';

const REACH_BOTTOM = 50;

export class Page {
  /**
   * @param {{ backend: object, space: object }} codeSpace
   * @param {{ route: string, query: object, search: string }} target
   * @param {object} config its JSON over the app's `window`
   */
  constructor(codeSpace, target, config) {
    Object.assign(this, target);
    this.config = config;
    /** What the app has changed of the bar above the page. */
    this.bar = {};
    this.isReady = false;
    this.root = codeSpace.backend.createRoot('wx-page', codeSpace.space, target.route);
    this.instance = this.root.get();
    this.instance.route = target.route;
    this.instance.options = target.query;
    this.instance.getOpenerEventChannel = () => this.openerChannel ?? {};
    this.scroller = h('div', { class: 'wechat-page-scroll' });
    this.view = h('div', { class: 'wechat-page-view', hidden: true }, this.scroller);
    if (config.disableScroll) this.scroller.style.overflow = 'hidden';
    this.scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
  }

  /** Puts the page into the document and begins its life. */
  load() {
    const placeholder = h('span');
    this.scroller.append(placeholder);
    byId('wechat-pages').append(this.view);
    const component = this.root.getComponent();
    component.$$.dataset.route = this.route;
    this.#fillProperties();
    this.view.hidden = false; // What `attached` measures must have a size.
    this.root.attach(this.scroller, placeholder);
    this.call('onLoad', this.query);
  }

  show() {
    this.view.hidden = false;
    this.root.getComponent().triggerPageLifetime('show', []);
    this.call('onShow');
    if (!this.isReady) this.#whenDrawn();
  }

  hide() {
    this.view.hidden = true;
    this.root.getComponent().triggerPageLifetime('hide', []);
    this.call('onHide');
  }

  unload() {
    this.call('onUnload');
    this.root.release();
    this.view.remove();
    this.isUnloaded = true;
  }

  /** Runs a function of the page, if it has it; what it throws is the app's error, not the host's. */
  call(name, ...values) {
    const method = this.instance[name];
    if (typeof method !== 'function') return undefined;
    try {
      return method.call(this.instance, ...values);
    } catch (error) {
      reportError(error);
      return undefined;
    }
  }

  /** A page written with `Component()` gets the query as properties, too. */
  #fillProperties() {
    const known = Object.keys(this.query).filter((name) => name in (this.instance.properties ?? {}));
    if (known.length > 0) this.instance.setData(Object.fromEntries(known.map((name) => [name, this.query[name]])));
  }

  #whenDrawn() {
    this.isReady = true;
    setTimeout(() => {
      if (this.isUnloaded) return;
      this.call('onReady');
      this.onReady?.();
    }, 0);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (typeof this.instance.onPageScroll === 'function') this.call('onPageScroll', { scrollTop });
    const atBottom = scrollTop + clientHeight >= scrollHeight - (this.config.onReachBottomDistance ?? REACH_BOTTOM);
    if (atBottom && !this.wasAtBottom) this.call('onReachBottom');
    this.wasAtBottom = atBottom;
  }

  /** Pulls the page down, as a finger would. */
  pullDown() {
    if (!this.config.enablePullDownRefresh) {
      recordError(`${this.route} does not enable "enablePullDownRefresh"`);
      return;
    }
    this.view.classList.add('wechat-refreshing');
    this.call('onPullDownRefresh');
  }

  stopPullDown() {
    this.view.classList.remove('wechat-refreshing');
  }
}
