import { faultText } from '../../../../services/equipment';
import { serviceOffsets } from '../../../../services/service-settings';
import { briefMoment, type UtcOffset } from '../../../../services/time';

interface Order {
  number: string;
  state: string;
  /** RFC 3339, or UTC epoch milliseconds. */
  submitted_at: string | number;
  fault_type?: string;
  text?: string;
  model?: string;
  /** The code of its unit, where that may belong elsewhere than where the person is logged in. */
  unit?: string;
  /** Of the clocks where it belongs, unless the person is logged in there. */
  utc_offsets?: UtcOffset[];
}

/** One order in a list: its state, what is wrong with which unit, when it was reported. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    order: { type: Object, value: null },
    /** A tap opens it, as the page says. */
    tappable: { type: Boolean, value: true },
  },
  data: { what: '', facts: '' },
  observers: {
    order(order: Order | null) {
      if (order === null) return;
      const { fault_type, model, text, number, submitted_at, unit, utc_offsets } = order;
      this.setData({
        what: [model, fault_type && faultText(fault_type, unit)].filter(Boolean).join(' · ') || (text ?? ''),
        facts: `${number} · ${briefMoment(submitted_at, utc_offsets ?? serviceOffsets())}`,
      });
    },
  },
});
