import type { Offer } from '../../../../services/work-order-types';
import { moveText } from '../../../../services/work-orders';
import { filled, texts } from '../../../../texts/index';

type Tap<D extends WechatMiniprogram.IAnyObject> = WechatMiniprogram.TouchEvent<object, object, D>;

interface Field {
  name: string;
  kind: 'text' | 'reason' | 'rating';
  required: boolean;
  label: string;
}

const STARS = [1, 2, 3, 4, 5];

/**
 * Asks for what a move needs: stars, a reason, a few words. `offer` as the server makes it; hidden while it is null.
 * Fires `confirm` with `{fields}`, and `cancel`.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    offer: { type: Object, value: null },
    sending: { type: Boolean, value: false },
    problem: { type: String, value: '' },
  },
  data: {
    t: texts().moveSheet,
    title: '',
    fields: [] as Field[],
    values: {} as Record<string, string>,
    rating: 0,
    stars: [] as { value: number; label: string }[],
    suggestions: [] as string[],
    missing: '',
  },
  observers: {
    offer(offer: Offer | null) {
      if (offer === null) return;
      const t = texts().moveSheet;
      const labels: Record<string, string> = { reason: t.reason, comment: t.comment };
      const fields = offer.fields.flatMap(({ name, kind, required }) =>
        kind === 'text' || kind === 'reason' || kind === 'rating'
          ? [{ name, kind, required, label: labels[name] ?? t.words }]
          : [],
      );
      const suggested: Record<string, string[]> = {
        cancel: [t.cancel_solved, t.cancel_mistake, t.cancel_other],
        reopen: [t.reopen_same, t.reopen_other],
      };
      this.setData({
        t,
        title: moveText(offer.move),
        fields,
        values: {},
        rating: 0,
        stars: STARS.map((value) => ({ value, label: filled(t.star, { number: value }) })),
        suggestions: suggested[offer.move] ?? [],
        missing: '',
      });
    },
  },
  methods: {
    rate({ currentTarget: { dataset } }: Tap<{ value: number }>) {
      this.setData({ rating: dataset.value, missing: '' });
    },
    write({
      currentTarget: { dataset },
      detail,
    }: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: string }>) {
      this.setData({ [`values.${dataset.name}`]: detail.value, missing: '' });
    },
    suggest({ currentTarget: { dataset } }: Tap<{ name: string; text: string }>) {
      this.setData({ [`values.${dataset.name}`]: dataset.text, missing: '' });
    },
    confirm() {
      const t = texts().moveSheet;
      const { fields, values, rating } = this.data;
      const given: Record<string, unknown> = {};
      for (const { name, kind, required } of fields) {
        const value = kind === 'rating' ? rating : (values[name] ?? '').trim();
        if (value !== 0 && value !== '') given[name] = value;
        else if (required) {
          this.setData({ missing: kind === 'rating' ? t.missing_rating : t.missing });
          return;
        }
      }
      this.triggerEvent('confirm', { fields: given });
    },
    cancel() {
      this.triggerEvent('cancel');
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!detail.visible) this.cancel();
    },
  },
});
