import * as clock from '../../services/clock';
import {
  allowInSettings,
  isRefused,
  locate,
  mayOfferSettings,
  pickPoint,
  type NoPosition,
} from '../../services/location';
import { factsOf } from '../../services/point-facts';
import type { PickedPlace } from '../../services/work-order-types';
import { texts } from '../../texts/index';

/** How often the age of a position is told anew, in milliseconds. */
const AGING = 15_000;

const timers = new WeakMap<object, number>();

/**
 * A position: the phone's own, for the purpose that is named, or one picked by hand, which always works. Fires `change`
 * with `{place}`, a `PickedPlace` or null.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** A `PickedPlace` or null. */
    place: { type: Object, value: null },
    /** What the position is for, in a sentence; said before WeChat asks. */
    purpose: { type: String, value: '' },
    /** Whether the position can be taken away again. */
    optional: { type: Boolean, value: true },
  },
  data: {
    t: texts().point,
    facts: [] as string[],
    named: '',
    why: '' as NoPosition | '',
    offer: false,
    locating: false,
    markers: [] as { id: number; latitude: number; longitude: number; width: number; height: number }[],
  },
  observers: {
    place() {
      this.show();
    },
  },
  lifetimes: {
    attached() {
      this.show();
      timers.set(
        this,
        setInterval(() => this.show(), AGING),
      );
    },
    detached() {
      clearInterval(timers.get(this) ?? 0);
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const place = this.data.place as PickedPlace | null;
      this.setData({ t: texts().point });
      if (place === null) return;
      const { latitude, longitude } = place;
      this.setData({
        facts: factsOf(place, clock.now()),
        named: place.name || place.address || '',
        markers: [{ id: 0, latitude, longitude, width: 28, height: 36 }],
      });
    },
    async locate() {
      if (this.data.locating) return;
      this.setData({ locating: true });
      const found = (await isRefused()) ? 'refused' : await locate();
      if (typeof found === 'string') this.explain(found);
      else this.take(found);
      this.setData({ locating: false });
    },
    explain(why: NoPosition) {
      this.setData({ why, offer: why === 'refused' && mayOfferSettings() });
    },
    async openSettings() {
      if (await allowInSettings()) await this.locate();
      else this.explain('refused');
    },
    async pick() {
      const picked = await pickPoint((this.data.place as PickedPlace | null) ?? undefined);
      if (picked !== undefined) this.take(picked);
    },
    clear() {
      this.triggerEvent('change', { place: null });
    },
    take(place: PickedPlace) {
      this.setData({ why: '', offer: false });
      this.triggerEvent('change', { place });
    },
  },
});
