/** `<input>` and `<textarea>`. */
import { elementOf, embed, scopedClasses } from './define.js';
import { addField, removeField } from './fields.js';
import { convertUnits, h } from '../dom.js';

const INPUT_MODES = { number: 'numeric', digit: 'decimal', idcard: 'text', text: 'text', nickname: 'text' };

export const input = textField('input');
export const textarea = textField('textarea');

function textField(tag) {
  return {
    name: tag,
    properties: {
      value: { type: null, value: '' },
      name: String,
      type: { type: String, value: 'text' },
      password: Boolean,
      placeholder: String,
      placeholderStyle: String,
      placeholderClass: { type: String, value: '' },
      disabled: Boolean,
      maxlength: { type: Number, value: 140 },
      focus: Boolean,
      autoFocus: Boolean,
      autoHeight: Boolean,
      confirmType: { type: String, value: tag === 'textarea' ? 'return' : 'done' },
      showConfirmBar: { type: Boolean, value: true },
      adjustPosition: { type: Boolean, value: true },
      cursorSpacing: Number,
      cursor: { type: Number, value: -1 },
      selectionStart: { type: Number, value: -1 },
      selectionEnd: { type: Number, value: -1 },
      confirmHold: Boolean,
    },
    observers: {
      value() {
        this.showValue();
      },
      'placeholder, placeholderStyle, placeholderClass, disabled, maxlength, password, type, confirmType, autoHeight'() {
        this.configure();
      },
      focus(wanted) {
        if (this.control === undefined) return;
        if (wanted) setTimeout(() => this.control.focus(), 0);
        else this.control.blur();
      },
    },
    lifetimes: {
      attached() {
        this.hint = h('div', { class: 'wechat-placeholder', 'aria-hidden': 'true' });
        this.control = embed(this, document.createElement(tag));
        elementOf(this).prepend(this.hint);
        this.listen();
        this.configure();
        this.showValue();
        const first = this.data.value;
        addField(this, {
          name: () => this.data.name,
          value: () => this.control.value,
          reset: () => this.change(first),
        });
        if (this.data.focus || this.data.autoFocus) setTimeout(() => this.control.focus(), 0);
      },
      detached() {
        removeField(this);
      },
    },
    methods: {
      configure() {
        const { control, data } = this;
        if (control === undefined) return;
        control.disabled = data.disabled;
        control.placeholder = data.placeholder;
        this.hint.textContent = data.placeholder;
        this.hint.style.cssText = convertUnits(data.placeholderStyle);
        this.hint.className = ['wechat-placeholder', ...scopedClasses(this, data.placeholderClass)].join(' ');
        if (data.maxlength >= 0) control.maxLength = data.maxlength;
        else control.removeAttribute('maxlength');
        control.enterKeyHint = data.confirmType === 'return' ? 'enter' : data.confirmType;
        if (tag !== 'input') return;
        control.type = data.password || data.type === 'safe-password' ? 'password' : 'text';
        control.inputMode = INPUT_MODES[data.type] ?? 'text';
      },

      showValue() {
        const { control, data } = this;
        if (control === undefined) return;
        const value = String(data.value ?? '');
        if (control.value !== value) control.value = value;
        this.drawn();
      },

      drawn() {
        this.hint.hidden = this.control.value !== '';
        if (tag !== 'textarea') return;
        this.countLines();
        if (!this.data.autoHeight) return;
        elementOf(this).style.height = 'auto';
        this.control.style.height = '0';
        this.control.style.height = `${this.control.scrollHeight}px`;
      },

      /** Where the page wants the cursor when the field gets the focus. */
      select() {
        const { cursor, selectionStart, selectionEnd } = this.data;
        if (selectionStart >= 0 && selectionEnd >= 0) this.control.setSelectionRange(selectionStart, selectionEnd);
        else if (cursor >= 0) this.control.setSelectionRange(cursor, cursor);
      },

      countLines() {
        const { control } = this;
        const { lineHeight, fontSize } = getComputedStyle(control);
        const one = parseFloat(lineHeight) || parseFloat(fontSize) * 1.2;
        const { height: before } = control.style;
        control.style.height = '0';
        const height = control.scrollHeight;
        control.style.height = before;
        const lineCount = Math.max(1, Math.round(height / one));
        if (lineCount === this.lineCount || height === 0) return;
        this.lineCount = lineCount;
        this.triggerEvent('linechange', { height, heightRpx: (height * 750) / innerWidth, lineCount, lineHeight: one });
      },

      /** Also tells a page that has bound with `model:value`. */
      change(value) {
        this.control.value = value;
        this.setData({ value });
        this.drawn();
      },

      listen() {
        const { control } = this;
        const detail = () => ({ value: control.value, cursor: control.selectionStart ?? control.value.length });
        control.addEventListener('input', () => {
          this.change(control.value);
          this.triggerEvent('input', { ...detail(), keyCode: 0 });
        });
        // A browser has no keyboard on the screen, so its height is none.
        control.addEventListener('focus', () => {
          this.select();
          this.triggerEvent('focus', { value: control.value, height: 0 });
          this.triggerEvent('keyboardheightchange', { height: 0, duration: 0 });
        });
        control.addEventListener('blur', () => {
          this.triggerEvent('blur', detail());
          this.triggerEvent('keyboardheightchange', { height: 0, duration: 0 });
        });
        control.addEventListener('keydown', (event) => {
          const confirms = event.key === 'Enter' && (tag === 'input' || this.data.confirmType !== 'return');
          if (!confirms || event.isComposing || (tag === 'textarea' && event.shiftKey)) return;
          if (tag === 'textarea') event.preventDefault();
          this.triggerEvent('confirm', { value: control.value });
          if (!this.data.confirmHold) control.blur();
        });
      },
    },
  };
}
