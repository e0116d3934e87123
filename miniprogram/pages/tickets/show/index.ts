import { load as loadRules } from '../../../core/index';
import { explain } from '../../../services/failure';
import { claimTickets, codeToShow, fetchTickets, knownTicket, type MyTicket } from '../../../services/tickets';
import { period } from '../../../services/time';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

/** Often enough that a code is fresh when a guest reaches the gate; its time step is 15 seconds. */
const FRESH = 5_000;
const BRIGHT = 1;
const SHORT_CODE_GROUP = /(.{4})(?=.)/g;

/** What the phone had before the page made the screen bright. */
let before: number | undefined;
let timer = 0;
let shown = false;

definePage({
  title: 'ticket',
  texts: ['ticket'],
  data: {
    ...LOADING,
    id: '',
    ticket: null as MyTicket | null,
    code: '',
    /** The code could not be made on this phone. */
    without_code: false,
    short_code: '',
    when: '',
    valid: '',
    status: '',
    not_valid: '',
    /** This phone could take the ticket over. */
    can_move: false,
    moving: false,
    bright: false,
  },
  onLoad(query: { id?: string }) {
    this.setData({ id: query.id ?? '' });
  },
  onShow() {
    const known = knownTicket(this.data.id);
    if (known !== undefined) this.show(known);
    void this.load();
    this.brighten();
    timer = setInterval(() => void this.renew(), FRESH);
  },
  onHide() {
    this.leave();
  },
  onUnload() {
    this.leave();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  load() {
    return fill(this, async () => {
      const ticket = (await fetchTickets()).find(({ id }) => id === this.data.id);
      if (ticket === undefined) return 'empty';
      this.show(ticket);
      return 'ready';
    });
  },
  show(ticket: MyTicket) {
    const { event } = ticket;
    const statuses: Record<string, string> = texts().statuses;
    const status = statuses[ticket.status] ?? ticket.status;
    this.setData({
      state: 'ready',
      ticket,
      short_code: ticket.short_code.replace(SHORT_CODE_GROUP, '$1 '),
      when: period(event.starts_at, event.ends_at, event.utc_offsets),
      valid:
        ticket.valid_from || ticket.valid_until
          ? period(ticket.valid_from ?? event.starts_at, ticket.valid_until ?? event.ends_at, event.utc_offsets)
          : '',
      status,
      not_valid: ticket.status === 'valid' ? '' : filled(texts().ticket.not_valid, { status }),
    });
    void this.renew();
  },
  /** Rotating codes are made anew; the others stay what they are. */
  async renew() {
    const { ticket } = this.data;
    if (ticket === null) return;
    const code = await codeToShow(ticket);
    const can_move = code === undefined && (await loadRules()) !== undefined;
    this.setData({ code: code ?? '', without_code: code === undefined, can_move });
  },
  async moveHere() {
    const { ticket } = this.data;
    if (ticket === null) return;
    this.setData({ moving: true });
    try {
      await claimTickets({ order_code: ticket.order_code, attendee_name: ticket.attendee_name });
      const moved = knownTicket(ticket.id);
      if (moved !== undefined) this.show(moved);
      void wx.showToast({ title: texts().ticket.moved, icon: 'none' });
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ moving: false });
  },
  /** Scanners read a bright screen faster, and the sun is bright too. */
  brighten() {
    shown = true;
    void wx.setKeepScreenOn({ keepScreenOn: true }).catch(() => undefined);
    wx.getScreenBrightness({
      success: ({ value }) => {
        // The page may have been left meanwhile.
        if (!shown) return;
        before ??= value;
        wx.setScreenBrightness({ value: BRIGHT }).then(
          () => this.setData({ bright: true }),
          () => undefined,
        );
      },
    });
  },
  leave() {
    shown = false;
    clearInterval(timer);
    void wx.setKeepScreenOn({ keepScreenOn: false }).catch(() => undefined);
    if (before !== undefined) void wx.setScreenBrightness({ value: before }).catch(() => undefined);
    before = undefined;
  },
});
