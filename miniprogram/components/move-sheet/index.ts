import * as clock from '../../services/clock';
import { actText } from '../../services/field-words';
import { serviceDay, serviceOffsets } from '../../services/service-settings';
import { instant, minute } from '../../services/time';
import { oneLine } from '../../services/typed';
import type { Offer } from '../../services/work-order-types';
import { filled, texts } from '../../texts/index';

interface Field {
  name: string;
  kind: 'line' | 'words' | 'engineer' | 'moment';
  /** Characters. */
  most: number;
  label: string;
  required: boolean;
}

type Values = Record<string, string>;
type Input = WechatMiniprogram.CustomEvent<{ value: string }, object, { name: string }>;

/** A reason is one line of a list, however it was typed. Characters. */
const MOST_REASON = 500;
const MOST_WORDS = 1000;

const HOUR = 3_600_000;

/** It grows with what is written. */
const AREA = { minHeight: '160rpx', maxHeight: '480rpx' };

/**
 * Asks for what a move needs: words, an engineer, a moment. Fires `confirm` with `{fields}` or `cancel`, and
 * `engineer` when somebody is to be chosen on another page. With `chosenId` and `chosenName` that is answered. It stays
 * until its `offer` is taken away, so nothing that was written is lost with a move that was not made.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** An `Offer` of `services/work-order-types`, or null while the sheet is closed. */
    offer: { type: Object, value: null },
    chosenId: { type: String, value: '' },
    chosenName: { type: String, value: '' },
    sending: { type: Boolean, value: false },
    /** Why what was given was not taken; it is still there to be sent again. */
    problem: { type: String, value: '' },
  },
  data: {
    t: texts().moveFields,
    area: AREA,
    title: '',
    fields: [] as Field[],
    values: {} as Values,
    /** The first day that a moment may lie on. */
    today: '',
    missing: '',
  },
  observers: {
    offer(offer: Offer | null) {
      if (offer === null) return;
      const t = texts().moveFields;
      const named: Record<string, string> = t;
      const fields = offer.fields.map(({ name, kind, required }) => ({
        name,
        kind:
          kind === 'engineer' || kind === 'moment' ? kind : kind === 'reason' ? ('line' as const) : ('words' as const),
        most: kind === 'reason' ? MOST_REASON : MOST_WORDS,
        label: named[name] ?? (kind === 'reason' ? t.reason : kind === 'engineer' ? t.engineer : t.comment),
        required,
      }));
      this.setData({ t, title: actText(offer.move), fields, values: {}, today: serviceDay(clock.now()), missing: '' });
    },
  },
  methods: {
    write({ currentTarget: { dataset }, detail }: Input) {
      this.setData({ values: { ...this.data.values, [dataset.name]: detail.value }, missing: '' });
    },
    pickDate({ currentTarget: { dataset }, detail }: Input) {
      const { name } = dataset;
      const time = this.data.values[`${name} time`] ?? timeAhead(detail.value);
      const values = { ...this.data.values, [`${name} date`]: detail.value, [`${name} time`]: time };
      this.setData({ values, missing: '' });
    },
    pickTime({ currentTarget: { dataset }, detail }: Input) {
      const { name } = dataset;
      const date = this.data.values[`${name} date`] ?? this.data.today;
      const values = { ...this.data.values, [`${name} date`]: date, [`${name} time`]: detail.value };
      this.setData({ values, missing: '' });
    },
    chooseEngineer() {
      this.triggerEvent('engineer');
    },
    valueOf({ name, kind }: Field): string {
      if (kind === 'engineer') return this.data.chosenId;
      if (kind === 'words') return (this.data.values[name] ?? '').trim();
      if (kind === 'line') return oneLine(this.data.values[name] ?? '');
      const date = this.data.values[`${name} date`];
      const time = this.data.values[`${name} time`] ?? '';
      return date === undefined ? '' : new Date(instant(date, time, serviceOffsets())).toISOString();
    },
    confirm() {
      if (this.data.sending) return;
      const given = this.data.fields.map((field) => ({ ...field, value: this.valueOf(field) }));
      const missing = given.find(({ required, value }) => required && value === '');
      if (missing !== undefined) {
        this.setData({ missing: filled(texts().moveFields.missing, { field: missing.label }) });
        return;
      }
      if (given.some(({ kind, value }) => kind === 'moment' && value !== '' && Date.parse(value) <= clock.now())) {
        this.setData({ missing: texts().moveFields.past });
        return;
      }
      const fields = Object.fromEntries(given.flatMap(({ name, value }) => (value === '' ? [] : [[name, value]])));
      this.triggerEvent('confirm', { fields });
    },
    cancel() {
      this.triggerEvent('cancel');
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!detail.visible) this.cancel();
    },
  },
});

/** The next full hour of today, or the morning of another day. */
function timeAhead(day: string): string {
  const now = clock.now();
  if (day !== serviceDay(now)) return '09:00';
  const next = Math.floor(now / HOUR + 1) * HOUR;
  return serviceDay(next) === day ? minute(next, serviceOffsets()) : '23:59';
}
