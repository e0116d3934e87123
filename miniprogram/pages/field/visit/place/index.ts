import { distanceText } from '../../../../services/field-words';
import { isAllowed, locate } from '../../../../services/location';
import type { ServiceSettings } from '../../../../services/service-settings';
import type { CheckInOutcome } from '../../../../services/visits';
import type { Fix, PickedPlace, Point } from '../../../../services/work-order-types';
import { filled, texts } from '../../../../texts/index';
import { judgePlace, renewed } from '../whereabouts';

/** Color and sign are never alone: the word says it too. */
const LOOKS: Record<CheckInOutcome, { tone: string; icon: string }> = {
  inside: { tone: 'good', icon: 'check-circle-filled' },
  outside: { tone: 'bad', icon: 'error-circle-filled' },
  no_fix: { tone: 'held', icon: 'help-circle' },
  offline: { tone: 'held', icon: 'cloud-upload' },
  skipped: { tone: 'held', icon: 'help-circle' },
};

/** Where the engineer is, and at once what that says about being on site. Fires `change` with `Whereabouts`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** Where the order is to be done; null when it is not known. */
    site: { type: Object, value: null },
    /** `ServiceSettings` of `services/service-settings`. */
    settings: { type: Object, value: {} },
    /** A `Fix` that was taken since, or null. */
    newer: { type: Object, value: null },
  },
  data: {
    t: texts().visit,
    place: null as PickedPlace | null,
    tone: '',
    icon: '',
    word: '',
    distance: '',
    hint: '',
  },
  observers: {
    'site, settings'() {
      void this.judge();
    },
    newer(fix: Fix | null) {
      if (fix === null) return;
      this.setData({ place: fix });
      void this.judge();
    },
  },
  lifetimes: {
    attached() {
      this.setData({ t: texts().visit });
      void this.begin();
    },
  },
  pageLifetimes: {
    /** Somebody may have walked on since the page was left. */
    show() {
      void this.renew();
    },
  },
  methods: {
    /** Who has allowed the position once is not asked to tap for it. */
    async begin() {
      if (this.data.place !== null) return;
      if (await isAllowed()) await this.locate();
      else await this.judge();
    },
    async locate() {
      const found = await locate();
      if (typeof found !== 'string') this.setData({ place: found });
      await this.judge();
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ place: PickedPlace | null }>) {
      this.setData({ place: detail.place });
      void this.judge();
    },
    async renew() {
      const { place } = this.data;
      if (place === null) return;
      const now = await renewed(place);
      if (now !== place && this.data.place?.fixed_at === place.fixed_at) this.setData({ place: now });
      await this.judge();
    },
    async judge() {
      const { place } = this.data;
      const site = this.data.site as Point | null;
      const settings = this.data.settings as ServiceSettings;
      const where = await judgePlace(place ?? undefined, site ?? undefined, settings);
      const { fix, outcome, distance_meters } = where;
      const t = texts().visit;
      if (outcome !== undefined) {
        const hints: Record<string, string> = {
          inside: t.inside_hint,
          outside: settings.geofence_blocks ? t.outside_blocked : t.outside_hint,
          no_fix: t.no_fix_hint,
          offline: fix?.source === 'gps' ? t.offline_hint : t.no_fix_hint,
        };
        const distance =
          distance_meters === undefined ? '' : filled(t.distance, { distance: distanceText(distance_meters) });
        this.setData({ ...LOOKS[outcome], word: texts().outcomes[outcome], distance, hint: hints[outcome] ?? '' });
      }
      this.triggerEvent('change', where);
    },
  },
});
