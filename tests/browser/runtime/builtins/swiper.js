/** `<swiper>`: a row that snaps. Items are as wide, or as high, as the swiper. */
import { elementOf, reflect, seal } from './define.js';
import { h } from '../dom.js';

export const swiper = {
  name: 'swiper',
  properties: {
    current: { type: Number, value: 0 },
    autoplay: Boolean,
    interval: { type: Number, value: 5000 },
    vertical: Boolean,
    indicatorDots: Boolean,
    indicatorColor: { type: String, value: 'rgba(0, 0, 0, .3)' },
    indicatorActiveColor: { type: String, value: '#000000' },
  },
  observers: {
    current(index) {
      if (index !== this.shown) this.go(index, 'smooth');
    },
    'vertical, indicatorDots'() {
      this.draw();
    },
    'autoplay, interval'() {
      this.play();
    },
  },
  lifetimes: {
    attached() {
      this.shown = this.data.current;
      const element = elementOf(this);
      this.dots = h('div', { class: 'wechat-swiper-dots', 'aria-hidden': 'true' });
      seal(element);
      element.addEventListener('scroll', () => {
        clearTimeout(this.settling);
        this.settling = setTimeout(() => this.settled(), 80);
      });
      this.draw();
      setTimeout(() => this.go(this.shown, 'instant'), 0);
      this.play();
    },
    detached() {
      clearInterval(this.playing);
      clearTimeout(this.settling);
    },
  },
  methods: {
    items() {
      return [...elementOf(this).querySelectorAll(':scope > wx-swiper-item')];
    },
    draw() {
      if (this.dots === undefined) return;
      reflect(this, 'vertical', this.data.vertical);
      const count = this.data.indicatorDots ? this.items().length : 0;
      const color = (index) => (index === this.shown ? this.data.indicatorActiveColor : this.data.indicatorColor);
      this.dots.replaceChildren(
        ...Array.from({ length: count }, (_, index) => h('i', { style: `background: ${color(index)}` })),
      );
      if (count > 0) elementOf(this).append(this.dots);
      else this.dots.remove();
    },
    go(index, behavior) {
      const item = this.items()[index];
      if (item !== undefined) elementOf(this).scrollTo({ left: item.offsetLeft, top: item.offsetTop, behavior });
    },
    settled(source = 'touch') {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = elementOf(this);
      const index = Math.round(this.data.vertical ? scrollTop / clientHeight : scrollLeft / clientWidth);
      if (index === this.shown) return;
      this.shown = index;
      this.draw();
      const currentItemId = this.items()[index]?.getAttribute('item-id') ?? '';
      this.triggerEvent('change', { current: index, currentItemId, source });
      this.triggerEvent('animationfinish', { current: index, currentItemId, source });
    },
    play() {
      clearInterval(this.playing);
      if (!this.data.autoplay || !elementOf(this)) return;
      this.playing = setInterval(
        () => this.go((this.shown + 1) % Math.max(1, this.items().length), 'smooth'),
        this.data.interval,
      );
    },
  },
};
