import { texts } from '../../texts/index';

/** One scan in a list: a `ScanLine` of `services/scan-lines`. Fires `act` when its button is tapped. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    line: { type: Object, value: { icon: '', tone: 'kept', who: '', facts: '', reason: '', annulled: false } },
    /** What the button says; none when empty. */
    action: { type: String, value: '' },
  },
  data: { t: texts().history },
  lifetimes: {
    attached() {
      this.setData({ t: texts().history });
    },
  },
  methods: {
    act() {
      this.triggerEvent('act');
    },
  },
});
