import { openButton } from './open-type.js';
import { elementOf, reflect } from './define.js';
import { FORM } from './form.js';

export const button = {
  name: 'button',
  properties: {
    type: { type: String, value: 'default' },
    size: { type: String, value: 'default' },
    plain: Boolean,
    disabled: Boolean,
    loading: Boolean,
    formType: String,
    openType: String,
    hoverClass: { type: String, value: 'button-hover' },
    hoverStopPropagation: Boolean,
  },
  observers: {
    'type, size, plain, disabled, loading, openType, hoverClass'() {
      this.draw();
    },
  },
  lifetimes: {
    attached() {
      elementOf(this).setAttribute('role', 'button');
      this.draw();
      this._$.addListener('tap', (event) => this.tapped(event));
    },
  },
  methods: {
    draw() {
      if (!elementOf(this)) return;
      const { disabled, loading } = this.data;
      for (const name of ['type', 'size', 'plain', 'disabled', 'loading']) reflect(this, name, this.data[name]);
      reflect(this, 'open-type', this.data.openType);
      reflect(this, 'hover-class', this.data.hoverClass);
      reflect(this, 'hover-stop-propagation', this.data.hoverStopPropagation);
      reflect(this, 'aria-disabled', disabled ? 'true' : '');
      reflect(this, 'aria-busy', loading ? 'true' : '');
      elementOf(this).tabIndex = disabled ? -1 : 0;
    },
    tapped() {
      const { disabled, formType, openType } = this.data;
      if (disabled) return;
      if (formType) elementOf(this).closest('wx-form')?.[FORM](formType);
      if (openType) void openButton(this, openType);
    },
  },
};
