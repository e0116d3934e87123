/** `<picker>`: the browser's own control lies invisibly over what the page shows. */
import { showColumns } from '../dialogs/columns.js';
import { elementOf, embed, reflect } from './define.js';
import { addField, removeField } from './fields.js';
import { h } from '../dom.js';
import { recordError } from '../record.js';

const INPUT_TYPES = { date: 'date', time: 'time' };
/** How exact a date is. */
const DATE_TYPES = { day: 'date', month: 'month', year: 'number' };

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
    fields: { type: String, value: 'day' },
  },
  observers: {
    'range, rangeKey, value, disabled, start, end'() {
      this.draw();
    },
  },
  lifetimes: {
    attached() {
      const { mode } = this.data;
      if (mode === 'multiSelector') return this.attachColumns();
      this.isSelector = mode === 'selector';
      if (!this.isSelector && INPUT_TYPES[mode] === undefined) recordError(`<picker mode="${mode}"> is not simulated`);
      const type = mode === 'date' ? (DATE_TYPES[this.data.fields] ?? 'date') : INPUT_TYPES[mode];
      const control = this.isSelector ? h('select') : h('input', { type });
      control.setAttribute('aria-label', this.data.headerText || '选择');
      this.control = embed(this, control);
      this.draw();
      control.addEventListener('change', () => {
        // WeChat offers nothing outside of these two.
        if (!this.isSelector && !control.checkValidity()) return this.draw();
        this.setData({ value: this.chosen() });
        this.triggerEvent('change', { value: this.chosen() });
        return undefined;
      });
      control.addEventListener('blur', () => this.triggerEvent('cancel', {}));
      // The control opens only where the browser draws its own arrow, unless it is told to.
      control.addEventListener('click', () => !this.isSelector && control.showPicker?.());
      const first = this.data.value;
      return addField(this, {
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
    attachColumns() {
      const element = elementOf(this);
      const first = this.data.value;
      element.setAttribute('role', 'button');
      element.tabIndex = 0;
      this._$.addListener('tap', () => this.openColumns());
      addField(this, {
        name: () => this.data.name,
        value: () => this.data.value ?? [],
        reset: () => this.setData({ value: first }),
      });
    },
    openColumns() {
      const { data } = this;
      if (data.disabled || this.drawColumns !== undefined) return;
      const text = (item) => String(this.data.rangeKey ? item[this.data.rangeKey] : item);
      this.drawColumns = showColumns({
        label: data.headerText || '选择',
        columns: () => this.data.range.map((column) => column.map(text)),
        value: data.value ?? [],
        onColumn: (column, value) => this.triggerEvent('columnchange', { column, value }),
        onDone: (value) => {
          this.drawColumns = undefined;
          if (value === undefined) return this.triggerEvent('cancel', {});
          this.setData({ value });
          return this.triggerEvent('change', { value });
        },
      });
    },
    draw() {
      const { control, data } = this;
      this.drawColumns?.(data.value ?? []);
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
