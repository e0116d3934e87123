/** `<slider>`: the browser's own control. */
import { h } from '../dom.js';
import { recordError } from '../record.js';
import { embed, reflect } from './define.js';
import { addField, removeField } from './fields.js';

export const slider = {
  name: 'slider',
  properties: {
    min: { type: Number, value: 0 },
    max: { type: Number, value: 100 },
    step: { type: Number, value: 1 },
    value: { type: Number, value: 0 },
    name: String,
    disabled: Boolean,
    showValue: Boolean,
    activeColor: { type: String, value: '#1aad19' },
  },
  observers: {
    'min, max, step, value, disabled, showValue, activeColor'() {
      this.draw();
    },
  },
  lifetimes: {
    attached() {
      const first = this.data.value;
      this.control = embed(this, h('input', { type: 'range' }));
      this.shown = h('span', { class: 'wechat-slider-value' });
      this.control.after(this.shown);
      this.control.addEventListener('input', () => {
        this.shown.textContent = this.control.value;
        this.triggerEvent('changing', { value: Number(this.control.value) });
      });
      this.control.addEventListener('change', () => {
        this.setData({ value: Number(this.control.value) });
        this.triggerEvent('change', { value: this.data.value });
      });
      this.draw();
      addField(this, {
        name: () => this.data.name,
        value: () => Number(this.control.value),
        reset: () => this.setData({ value: first }),
      });
    },
    detached() {
      removeField(this);
    },
  },
  methods: {
    draw() {
      const { control, data } = this;
      if (control === undefined) return;
      if (!(data.step > 0) || (data.max - data.min) % data.step !== 0)
        recordError(`<slider>: step ${data.step} does not divide ${data.min} to ${data.max}`);
      for (const name of ['min', 'max', 'step']) control[name] = String(data[name]);
      control.value = String(data.value);
      control.disabled = data.disabled;
      control.style.accentColor = data.activeColor;
      this.shown.textContent = control.value;
      this.shown.hidden = !data.showValue;
      reflect(this, 'disabled', data.disabled);
    },
  },
};
