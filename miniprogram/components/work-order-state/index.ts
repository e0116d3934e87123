import { iconOf, toneOf } from '../../services/order-looks';
import { stateText } from '../../services/work-orders';
import type { State } from '../../services/work-order-types';

/** The state of a work order as a tag: color, icon and word, each of which would do alone. */
Component({
  properties: {
    state: { type: String, value: '' },
    /** `large` for the head of a page. */
    size: { type: String, value: 'medium' },
  },
  data: { icon: '', tone: '', word: '' },
  observers: {
    state() {
      this.show();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const state = this.data.state as State | '';
      if (state !== '') this.setData({ icon: iconOf(state), tone: toneOf(state), word: stateText(state) });
    },
  },
});
