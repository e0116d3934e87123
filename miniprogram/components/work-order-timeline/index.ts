import { timeline, type TimelineLine } from '../../services/timeline';
import type { Entry } from '../../services/work-order-types';

/** What has happened to a work order, newest first: `entries` as the server gives them. */
Component({
  properties: {
    entries: { type: Array, value: [] },
  },
  data: { lines: [] as TimelineLine[] },
  observers: {
    entries(entries: Entry[]) {
      this.setData({ lines: timeline(entries) });
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ lines: timeline(this.data.entries as Entry[]) });
    },
  },
});
