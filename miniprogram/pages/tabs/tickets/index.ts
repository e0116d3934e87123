import { current } from '../../../services/session';
import { fetchTickets, knownTickets, type MyTicket } from '../../../services/tickets';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

definePage({
  title: 'tickets',
  texts: ['tickets', 'home'],
  data: { ...LOADING, logged_in: false, tickets: [] as MyTicket[] },
  onShow() {
    const known = knownTickets();
    this.setData({ logged_in: current() !== undefined });
    if (known !== undefined) this.show(known);
    if (current() !== undefined) void this.load();
  },
  onNetwork(online: boolean) {
    if (online && current() !== undefined) void this.load();
  },
  async onPullDownRefresh() {
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  show(tickets: MyTicket[]) {
    this.setData({ tickets, state: tickets.length === 0 ? 'empty' : 'ready' });
  },
  load() {
    return fill(this, async () => {
      const tickets = await fetchTickets();
      this.show(tickets);
      return tickets.length === 0 ? 'empty' : 'ready';
    });
  },
  claim() {
    void wx.navigateTo({ url: '/pages/tickets/claim/index' });
  },
  logIn() {
    void wx.navigateTo({ url: '/pages/account/welcome/index' });
  },
});
