import { texts } from '../../texts/index';

/** Draws how a page stands: loading, empty, out of reach, or its content (the default slot). */
Component({
  options: { multipleSlots: true, styleIsolation: 'apply-shared' },
  properties: {
    /** `loading`, `ready`, `empty`, `offline` or `error`. */
    state: { type: String, value: 'loading' },
    /** A sentence about what went wrong. */
    failure: { type: String, value: '' },
    /** The content was loaded before, and could not be loaded again. */
    stale: { type: Boolean, value: false },
    emptyTitle: { type: String, value: '' },
    emptyHint: { type: String, value: '' },
    emptyIcon: { type: String, value: 'file' },
  },
  data: { t: texts().state },
  lifetimes: {
    attached() {
      this.setData({ t: texts().state });
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ t: texts().state });
    },
  },
  methods: {
    retry() {
      this.triggerEvent('retry');
    },
  },
});
