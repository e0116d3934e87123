/** `<picker>`: the browser's own control lies invisibly over what the page shows. */
import { embed, reflect } from './define.js';
import { addField, removeField } from './fields.js';
import { h } from '../dom.js';
import { recordError } from '../record.js';

const INPUT_TYPES = { date: 'date', time: 'time' };

export const picker = {
  name: 'picker',
  properties: {
    mode: { type: String, value: 'selector' },
    range: { type: Array, value: [] },
    rangeKey: String,
    value: null,
    name: String,
    disabled: Boolean,
    start: String,
    end: String,
    headerText: String,
  },
  observers: {
    'range, rangeKey, value, disabled, start, end'() {
      this.draw();
    },
  },
  lifetimes: {
    attached() {
      const { mode } = this.data;
      this.isSelector = mode === 'selector';
      if (!this.isSelector && INPUT_TYPES[mode] === undefined) recordError(`<picker mode="${mode}"> is not simulated`);
      const control = this.isSelector ? h('select') : h('input', { type: INPUT_TYPES[mode] });
      control.setAttribute('aria-label', this.data.headerText || '选择');
      this.control = embed(this, control);
      this.draw();
      control.addEventListener('change', () => {
        this.setData({ value: this.chosen() });
        this.triggerEvent('change', { value: this.chosen() });
      });
      control.addEventListener('blur', () => this.triggerEvent('cancel', {}));
      // The control opens only where the browser draws its own arrow, unless it is told to.
      control.addEventListener('click', () => !this.isSelector && control.showPicker?.());
      const first = this.data.value;
      addField(this, {
        name: () => this.data.name,
        value: () => this.chosen(),
        reset: () => this.setData({ value: first }),
      });
    },
    detached() {
      removeField(this);
    },
  },
  methods: {
    /** WeChat gives the index as text when a person chose it. */
    chosen() {
      return this.isSelector ? String(this.control.selectedIndex) : this.control.value;
    },
    draw() {
      const { control, data } = this;
      if (control === undefined) return;
      if (this.isSelector) {
        const text = (item) => (data.rangeKey ? item[data.rangeKey] : item);
        control.replaceChildren(...(data.range ?? []).map((item, index) => new Option(text(item), String(index))));
        control.selectedIndex = Number(data.value ?? 0);
      } else {
        control.value = data.value ?? '';
        control.min = data.start;
        control.max = data.end;
      }
      control.disabled = data.disabled;
      reflect(this, 'disabled', data.disabled);
    },
  },
};
