import { elementOf } from './define.js';
import { fieldsIn } from './fields.js';

/** Set on the element, so that a button can find its form through the page. */
export const FORM = Symbol('form');

export const form = {
  name: 'form',
  lifetimes: {
    attached() {
      elementOf(this)[FORM] = (type) => (type === 'reset' ? this.resetFields() : this.submit());
    },
  },
  methods: {
    submit() {
      const named = fieldsIn(this).filter((field) => field.name());
      this.triggerEvent('submit', { value: Object.fromEntries(named.map((field) => [field.name(), field.value()])) });
    },
    resetFields() {
      for (const field of fieldsIn(this)) field.reset();
      this.triggerEvent('reset', {});
    },
  },
};

/** A tap on a label is meant for the control inside it, or the one it names. */
export const label = {
  name: 'label',
  properties: { for: String },
  lifetimes: {
    attached() {
      elementOf(this).addEventListener('click', (event) => {
        const control = this.control();
        if (control === null || event.target.closest('input, textarea, select, wx-button')) return;
        if (control.matches('wx-button')) control.click();
        else control.type === 'checkbox' || control.type === 'radio' ? control.click() : control.focus();
      });
      setTimeout(() => this.nameControl(), 0);
    },
  },
  methods: {
    control() {
      const scope = this.data.for ? document.getElementById(this.data.for) : elementOf(this);
      return scope?.querySelector('input, textarea') ?? (scope?.matches('wx-button') ? scope : null);
    },
    /** Tells assistive technology what the control is called. */
    nameControl() {
      const control = this.control();
      if (control === null || control.hasAttribute('aria-label')) return;
      const element = elementOf(this);
      element.id ||= `label-${++labels}`;
      control.setAttribute('aria-labelledby', element.id);
    },
  },
};

let labels = 0;
