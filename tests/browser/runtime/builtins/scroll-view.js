import { elementOf, reflect } from './define.js';

export const scrollView = {
  name: 'scroll-view',
  properties: {
    scrollX: Boolean,
    scrollY: Boolean,
    scrollTop: null,
    scrollLeft: null,
    scrollIntoView: String,
    scrollWithAnimation: Boolean,
    upperThreshold: { type: Number, value: 50 },
    lowerThreshold: { type: Number, value: 50 },
    enableFlex: Boolean,
  },
  observers: {
    'scrollX, scrollY, enableFlex'() {
      this.draw();
    },
    'scrollTop, scrollLeft'(top, left) {
      if (top !== null || left !== null) this.scroll({ top: top ?? undefined, left: left ?? undefined });
    },
    scrollIntoView(id) {
      if (id)
        setTimeout(
          () =>
            elementOf(this)
              .querySelector(`#${CSS.escape(id)}`)
              ?.scrollIntoView({ block: 'nearest' }),
          0,
        );
    },
  },
  lifetimes: {
    attached() {
      const element = elementOf(this);
      this.draw();
      this.scroll({ top: this.data.scrollTop ?? undefined, left: this.data.scrollLeft ?? undefined });
      let [low, high] = [false, true];
      let last = { top: 0, left: 0 };
      element.addEventListener('scroll', () => {
        const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element;
        const moved = { deltaX: last.left - scrollLeft, deltaY: last.top - scrollTop };
        last = { top: scrollTop, left: scrollLeft };
        this.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, ...moved });
        const [at, size, whole] =
          this.data.scrollX && !this.data.scrollY
            ? [scrollLeft, clientWidth, scrollWidth]
            : [scrollTop, clientHeight, scrollHeight];
        const isLow = at + size >= whole - this.data.lowerThreshold;
        const isHigh = at <= this.data.upperThreshold;
        if (isLow && !low) this.triggerEvent('scrolltolower', { direction: this.data.scrollX ? 'right' : 'bottom' });
        if (isHigh && !high) this.triggerEvent('scrolltoupper', { direction: this.data.scrollX ? 'left' : 'top' });
        [low, high] = [isLow, isHigh];
      });
    },
  },
  methods: {
    draw() {
      if (!elementOf(this)) return;
      reflect(this, 'scroll-x', this.data.scrollX);
      reflect(this, 'scroll-y', this.data.scrollY);
      reflect(this, 'enable-flex', this.data.enableFlex);
    },
    scroll(to) {
      elementOf(this)?.scrollTo({ ...to, behavior: this.data.scrollWithAnimation ? 'smooth' : 'instant' });
    },
  },
};
