import { timeline, type TimelineLine } from '../../services/timeline';
import type { UtcOffset } from '../../services/time';
import type { Entry } from '../../services/work-order-types';

/** What has happened to a work order, newest first: `entries` and `offsets` as the server gives them. */
Component({
  properties: {
    entries: { type: Array, value: [] },
    offsets: { type: Array, value: [] },
  },
  data: { lines: [] as TimelineLine[] },
  observers: {
    'entries, offsets'(entries: Entry[], offsets: UtcOffset[]) {
      this.setData({ lines: timeline(entries, offsets) });
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ lines: timeline(this.data.entries as Entry[], this.data.offsets as UtcOffset[]) });
    },
  },
});
