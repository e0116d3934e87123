import * as clock from '../../../../services/clock';
import { byFitness, fetchEngineers, type Engineer } from '../../../../services/dispatch';
import { explain } from '../../../../services/failure';
import { distanceText } from '../../../../services/field-words';
import { ageInMinutes } from '../../../../services/nearby';
import type { Point } from '../../../../services/work-order-types';
import { filled, texts } from '../../../../texts/index';

interface Row {
  id: string;
  name: string;
  load: string;
  distance: string;
  seen: string;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string; name: string }>;

/** Whom an order may be given to: nearest first, with load and the age of the last position. Fires `choose`, `cancel`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    visible: { type: Boolean, value: false },
    /** Where the order is to be done; null when it is not known. */
    near: { type: Object, value: null },
    chosen: { type: String, value: '' },
  },
  data: { t: texts().dispatch, rows: [] as Row[], loading: true, problem: '' },
  observers: {
    visible(visible: boolean) {
      if (visible) void this.load();
    },
  },
  methods: {
    async load() {
      this.setData({ t: texts().dispatch, loading: true, problem: '' });
      try {
        const engineers = await fetchEngineers(this.data.near as Point | null);
        this.setData({ rows: engineers.sort(byFitness).map(rowOf) });
      } catch (error) {
        this.setData({ problem: explain(error) });
      }
      this.setData({ loading: false });
    },
    choose({ currentTarget: { dataset } }: Tap) {
      this.triggerEvent('choose', { id: dataset.id, name: dataset.name });
    },
    cancel() {
      this.triggerEvent('cancel');
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!detail.visible) this.cancel();
    },
  },
});

function rowOf({ id, name, open_work_orders, last_fix, distance_meters }: Engineer): Row {
  const t = texts().dispatch;
  return {
    id,
    name: name || t.none,
    load: filled(t.load, { number: open_work_orders }),
    distance: typeof distance_meters === 'number' ? distanceText(distance_meters) : '',
    seen: seenText(last_fix),
  };
}

function seenText(fix: Engineer['last_fix']): string {
  const t = texts().dispatch;
  if (!fix) return t.never_seen;
  const minutes = ageInMinutes(fix, clock.now());
  const age =
    minutes < 1
      ? t.just_seen
      : minutes < 120
        ? filled(t.last_seen, { minutes })
        : filled(t.last_seen_hours, { hours: Math.floor(minutes / 60) });
  const accuracy = typeof fix.accuracy === 'number' ? filled(t.accuracy, { meters: fix.accuracy }) : '';
  return [age, accuracy].filter(Boolean).join(' · ');
}
