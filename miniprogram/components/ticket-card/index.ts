import type { MyTicket } from '../../services/tickets';
import { period } from '../../services/time';
import { texts } from '../../texts/index';

/** One ticket in a list; a tap opens it. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    ticket: { type: Object, value: {} },
  },
  data: { when: '', status: '', good: true, open: '' },
  observers: {
    ticket(given: MyTicket | Record<string, never>) {
      if (!('event' in given)) return;
      const { event } = given as MyTicket;
      const statuses: Record<string, string> = texts().statuses;
      this.setData({
        when: period(event.starts_at, event.ends_at, event.utc_offsets),
        status: statuses[given.status] ?? given.status,
        good: given.status === 'valid',
        open: `${texts().tickets.open} ${given.product_name} ${given.attendee_name}`,
      });
    },
  },
  methods: {
    open() {
      const { id } = this.data.ticket as MyTicket;
      void wx.navigateTo({ url: `/pages/tickets/show/index?id=${id}` });
    },
  },
});
