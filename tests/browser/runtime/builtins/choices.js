/** `<switch>`, `<checkbox>`, `<radio>` and their groups. */
import { elementOf, embed, reflect } from './define.js';
import { addField, removeField } from './fields.js';
import { h } from '../dom.js';

/** On a group's element: what a member calls when it has changed. */
const CHANGED = Symbol('changed');

export const switchBox = choice('switch', 'checkbox', { type: { type: String, value: 'switch' } });
export const checkbox = choice('checkbox', 'checkbox');
export const radio = choice('radio', 'radio');
export const checkboxGroup = group('checkbox', (members) => members.map((member) => member.data.value));
export const radioGroup = group('radio', (members) => members[0]?.data.value ?? '');

function choice(name, type, extra = {}) {
  return {
    name,
    properties: { value: String, name: String, checked: Boolean, disabled: Boolean, color: String, ...extra },
    observers: {
      'checked, disabled, color'() {
        this.draw();
      },
    },
    lifetimes: {
      attached() {
        const first = this.data.checked;
        const role = name === 'switch' && this.data.type === 'switch' ? 'switch' : undefined;
        this.control = embed(this, h('input', { type, role }));
        this.control.addEventListener('change', () => this.changed());
        this.draw();
        const element = elementOf(this);
        element.choice = this;
        element.addEventListener('click', (event) => {
          if (event.target !== this.control && !element.closest('wx-label')) this.control.click();
        });
        if (name !== 'switch') return;
        addField(this, {
          name: () => this.data.name,
          value: () => this.control.checked,
          reset: () => this.check(first),
        });
      },
      detached() {
        removeField(this);
      },
    },
    methods: {
      draw() {
        if (this.control === undefined) return;
        this.control.checked = this.data.checked;
        this.control.disabled = this.data.disabled;
        this.control.style.setProperty('--choice-color', this.data.color || '#07c160');
        reflect(this, 'checked', this.data.checked);
        reflect(this, 'disabled', this.data.disabled);
      },
      check(checked) {
        this.setData({ checked });
        this.draw();
      },
      changed() {
        this.check(this.control.checked);
        if (name === 'switch') this.triggerEvent('change', { value: this.data.checked });
        else elementOf(this).closest(`wx-${name}-group`)?.[CHANGED](this);
      },
    },
  };
}

function group(name, valueOf) {
  return {
    name: `${name}-group`,
    properties: { name: String },
    lifetimes: {
      attached() {
        const element = elementOf(this);
        if (name === 'radio') element.setAttribute('role', 'radiogroup');
        const members = () => [...element.querySelectorAll(`wx-${name}`)].map((member) => member.choice);
        const value = () => valueOf(members().filter((member) => member.data.checked));
        element[CHANGED] = (changed) => {
          if (name === 'radio')
            for (const member of members()) if (member !== changed && member.data.checked) member.check(false);
          this.triggerEvent('change', { value: value() });
        };
        addField(this, {
          name: () => this.data.name,
          value,
          reset: () => members().forEach((member) => member.check(false)),
        });
      },
      detached() {
        removeField(this);
      },
    },
  };
}
