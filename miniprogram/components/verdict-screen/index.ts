import { texts } from '../../texts/index';

/**
 * The verdict over the whole screen, to be read at arm's length. Colour, sign and word all differ from tone to tone,
 * so that each of them alone would do.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** A `Shown` of `services/verdicts`, or null. */
    shown: { type: Object, value: null },
  },
  data: { t: texts().verdict },
  observers: {
    shown() {
      this.setData({ t: texts().verdict });
    },
  },
  methods: {
    next() {
      this.triggerEvent('next');
    },
    again() {
      this.triggerEvent('again');
    },
    undo() {
      this.triggerEvent('undo');
    },
    force() {
      this.triggerEvent('force');
    },
    takePayment() {
      this.triggerEvent('takepayment');
    },
    /** Keeps taps on the verdict from reaching what lies under it. */
    hold() {},
  },
});
