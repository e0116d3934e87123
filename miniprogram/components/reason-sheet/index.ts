import { oneLine } from '../../services/typed';
import { texts } from '../../texts/index';

const OTHER = 'other';

/** Asks for a reason: one of a few, or another in words. Fires `confirm` with `{reason}`, or `cancel`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    visible: { type: Boolean, value: false },
    title: { type: String, value: '' },
    /** Sentences to choose from. */
    reasons: { type: Array, value: [] },
    sending: { type: Boolean, value: false },
    /** Why the reason was not taken; it is still there to be sent again. */
    problem: { type: String, value: '' },
  },
  data: {
    t: texts().sheet,
    options: [] as { label: string; value: string }[],
    chosen: '',
    words: '',
    other: false,
    missing: false,
  },
  observers: {
    'visible, reasons'(visible: boolean, reasons: string[]) {
      if (!visible) return;
      const t = texts().sheet;
      this.setData({
        t,
        options: [...reasons.map((reason) => ({ label: reason, value: reason })), { label: t.other, value: OTHER }],
        chosen: '',
        words: '',
        other: false,
        missing: false,
      });
    },
  },
  methods: {
    choose(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ chosen: event.detail.value, other: event.detail.value === OTHER, missing: false });
    },
    write(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ words: event.detail.value, missing: false });
    },
    confirm() {
      if (this.data.sending) return;
      const reason = oneLine(this.data.other ? this.data.words : this.data.chosen);
      if (reason === '') this.setData({ missing: true });
      else this.triggerEvent('confirm', { reason });
    },
    cancel() {
      this.triggerEvent('cancel');
    },
    changed(event: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!event.detail.visible) this.cancel();
    },
  },
});
