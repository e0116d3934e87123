import * as clock from '../../../services/clock';
import { currentPost } from '../../../services/posts';
import { retryWaiting, waitingElsewhere, waitingHere } from '../../../services/scans';
import { current, isCustomer, may, refreshMe } from '../../../services/session';
import { fetchTickets, knownTickets, type MyTicket } from '../../../services/tickets';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

definePage({
  title: 'home',
  texts: ['home'],
  data: {
    ...LOADING,
    logged_in: false,
    /** Somebody who would rather look around first. */
    looking: false,
    organization: '',
    staff: false,
    supervisor: false,
    roles: '',
    /** Nobody who works here: reports and units of their own are what they come for. */
    customer: false,
    post: '',
    waiting: '',
    elsewhere: '',
    ticket: null as MyTicket | null,
  },
  onShow() {
    this.showPerson();
    this.catchUp();
  },
  onNetwork(online: boolean) {
    if (online) this.catchUp();
  },
  /** What the server knows, and what it does not know yet. */
  catchUp() {
    if (current() === undefined) return;
    void this.load();
    if (waitingHere().length > 0) void retryWaiting().then(() => this.showPerson());
  },
  async onPullDownRefresh() {
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  /** What the phone knows without asking. */
  showPerson() {
    const session = current();
    const post = currentPost();
    const waiting = waitingHere().length;
    const elsewhere = waitingElsewhere();
    this.setData({
      logged_in: session !== undefined,
      organization: session?.organization.name ?? '',
      staff: may('staff'),
      supervisor: may('supervisor'),
      roles: session?.roles.join(' ') ?? '',
      customer: isCustomer(),
      post: post === undefined ? '' : [post.list.name, post.gate].filter(Boolean).join(' · '),
      waiting: waiting === 0 ? '' : filled(texts().home.waiting, { number: waiting }),
      elsewhere: elsewhere === 0 ? '' : filled(texts().home.waiting_elsewhere, { number: elsewhere }),
    });
    this.showNext(knownTickets());
    if (session === undefined || knownTickets() !== undefined) this.setData({ state: 'ready' });
  },
  showNext(tickets: MyTicket[] | undefined) {
    const coming = (tickets ?? []).filter(
      ({ status, event }) => status === 'valid' && Date.parse(event.ends_at) > clock.now(),
    );
    coming.sort((one, other) => one.event.starts_at.localeCompare(other.event.starts_at));
    this.setData({ ticket: coming[0] ?? null });
  },
  async load() {
    await fill(this, async () => {
      const [tickets] = await Promise.all([fetchTickets(), refreshMe()]);
      this.showNext(tickets);
      this.setData({
        staff: may('staff'),
        supervisor: may('supervisor'),
        customer: isCustomer(),
        roles: current()?.roles.join(' ') ?? '',
      });
      return 'ready';
    });
    // A login that could not be renewed may have ended.
    if (current() === undefined) this.setData({ logged_in: false });
  },
  enter() {
    this.setData({ looking: false });
    this.showPerson();
    this.catchUp();
  },
  look() {
    this.setData({ looking: true });
  },
  stopLooking() {
    this.setData({ looking: false });
  },
  scan() {
    void wx.navigateTo({
      url: currentPost() === undefined ? '/pages/check-in/post/index' : '/pages/check-in/scan/index',
    });
  },
});
