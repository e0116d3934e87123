import { learnFaults } from '../../../services/equipment';
import {
  draft as draftById,
  dropDraft,
  drafts,
  isWritten,
  onDrafts,
  waitingDrafts,
  type ReportDraft,
} from '../../../services/report-drafts';
import { retryReports } from '../../../services/report-queue';
import { missingLogin, sendingOf } from '../../../services/reports';
import { claimOwn, sentReports, type SentReport } from '../../../services/sent-reports';
import { current } from '../../../services/session';
import { briefMoment } from '../../../services/time';
import { scanUnit } from '../../../services/unit-scan';
import { fetchMyOrders } from '../../../services/work-orders';
import type { WorkOrderItem } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { logInFor } from '../log-in';

type Tap<D extends WechatMiniprogram.IAnyObject> = WechatMiniprogram.TouchEvent<object, object, D>;

interface DraftRow {
  draft_id: string;
  what: string;
  facts: string;
  problem: string;
  waiting: boolean;
  /** Asks for the login without which it cannot go. */
  log_in: string;
}

interface OrderRow extends WorkOrderItem {
  model: string;
}

function rowOf(draft: ReportDraft): DraftRow {
  const { draft_id, unit, text, written_at, waiting, problem, utc_offsets } = draft;
  return {
    draft_id,
    what: [unit.model, text.trim()].filter(Boolean).join(' · '),
    facts: briefMoment(written_at, utc_offsets),
    problem: problem ?? '',
    waiting,
    log_in: missingLogin(draft),
  };
}

const ended = new WeakMap<object, () => void>();

const orderRow = (item: WorkOrderItem): OrderRow => ({ ...item, model: item.equipment.model });

/** The person's reports: what waits on the phone, what was reported without login, and what the server knows. */
definePage({
  title: 'orders',
  texts: ['orders'],
  data: {
    ...LOADING,
    logged_in: false,
    open: true,
    drafts: [] as DraftRow[],
    sent: [] as (SentReport & { submitted_at: number })[],
    /** Done, and waiting for the customer's word; the server counts them among the closed ones. */
    to_confirm: [] as OrderRow[],
    orders: [] as OrderRow[],
    cursor: '',
    more: false,
    loading_more: false,
    sending: false,
    claimed: '',
  },
  onShow() {
    ended.get(this)?.();
    ended.set(
      this,
      onDrafts(() => this.catchUp()),
    );
    this.showKept();
    void this.sendAndLoad();
  },
  onHide() {
    ended.get(this)?.();
  },
  onUnload() {
    ended.get(this)?.();
  },
  onNetwork(online: boolean) {
    if (online) void this.sendAndLoad();
  },
  /** A video takes its time; what the server knows does not wait for it. */
  async sendAndLoad() {
    if (current() !== undefined) void this.load();
    if (waitingDrafts().length > 0) await this.sendWaiting();
  },
  /** What waits is sent without this page, too. */
  catchUp() {
    const before = this.data.drafts.length;
    this.showKept();
    if (this.data.drafts.length < before && current() !== undefined) void this.load();
  },
  async onPullDownRefresh() {
    this.showKept();
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  onReachBottom() {
    void this.loadMore();
  },
  showKept() {
    this.setData({
      logged_in: current() !== undefined,
      drafts: drafts()
        .filter((one) => one.waiting || isWritten(one))
        .map(rowOf),
      sent: sentReports().map((one) => ({ ...one, submitted_at: one.sent_at })),
    });
  },
  load() {
    return fill(this, async () => {
      const claimed = await claimOwn();
      if (claimed > 0) this.setData({ claimed: filled(texts().orders.claimed, { number: claimed }) });
      const { open } = this.data;
      const [{ items, next_cursor }, closed] = await Promise.all([
        fetchMyOrders(open),
        open ? fetchMyOrders(false) : undefined,
      ]);
      const done = closed?.items.filter(({ state }) => state === 'done') ?? [];
      await learnFaults([...items, ...done]);
      // The person may have turned to the other half meanwhile.
      if (open === this.data.open) {
        const [orders, to_confirm] = [items.map(orderRow), done.map(orderRow)];
        this.setData({ orders, to_confirm, cursor: next_cursor ?? '', more: !!next_cursor });
      }
      this.showKept();
      return this.data.orders.length + this.data.to_confirm.length === 0 ? 'empty' : 'ready';
    });
  },
  async loadMore() {
    const { cursor, open, loading_more } = this.data;
    if (cursor === '' || loading_more) return;
    this.setData({ loading_more: true });
    await fill(this, async () => {
      const { items, next_cursor } = await fetchMyOrders(open, cursor);
      if (open === this.data.open) {
        this.setData({
          orders: [...this.data.orders, ...items.map(orderRow)],
          cursor: next_cursor ?? '',
          more: !!next_cursor,
        });
      }
      return 'ready';
    });
    this.setData({ loading_more: false });
  },
  async turn({ currentTarget: { dataset } }: Tap<{ open: boolean }>) {
    if (dataset.open === this.data.open) return;
    this.setData({ open: dataset.open, orders: [], to_confirm: [], cursor: '', more: false, ...LOADING });
    await this.load();
  },
  async sendNow() {
    const why = await this.sendWaiting();
    if (why !== '') void wx.showToast({ title: why, icon: 'none' });
  },
  /** Answers why something still waits. */
  async sendWaiting(): Promise<string> {
    if (this.data.sending) return '';
    this.setData({ sending: true });
    const why = await retryReports();
    this.setData({ sending: false });
    return why;
  },
  logInFor({ currentTarget: { dataset } }: Tap<{ id: string }>) {
    const draft = draftById(dataset.id);
    if (draft !== undefined) logInFor(draft);
  },
  openDraft({ currentTarget: { dataset } }: Tap<{ id: string }>) {
    void wx.navigateTo({ url: `/pages/service/report/index?draft=${dataset.id}` });
  },
  async dropDraft({ currentTarget: { dataset } }: Tap<{ id: string }>) {
    const { id } = dataset;
    if (this.isSending(id)) return;
    const t = texts();
    const { confirm } = await wx.showModal({
      title: t.orders.drop,
      content: t.orders.drop_confirm,
      confirmText: t.sheet.confirm,
      cancelText: t.sheet.cancel,
    });
    if (confirm && !this.isSending(id)) dropDraft(id);
  },
  /** What is being sent may have arrived already, so it is not thrown away; the person is told. */
  isSending(draft_id: string): boolean {
    if (sendingOf(draft_id) === undefined) return false;
    void wx.showToast({ title: texts().orders.being_sent, icon: 'none' });
    return true;
  },
  openOrder({ currentTarget: { dataset } }: Tap<{ id: string }>) {
    void wx.navigateTo({ url: `/pages/service/order/index?id=${dataset.id}` });
  },
  openSent({ currentTarget: { dataset } }: Tap<{ code: string }>) {
    void wx.navigateTo({ url: `/pages/service/follow/index?code=${dataset.code}` });
  },
  follow() {
    void wx.navigateTo({ url: '/pages/service/follow/index' });
  },
  logIn() {
    void wx.navigateTo({ url: '/pages/account/welcome/index' });
  },
  scan() {
    void scanUnit();
  },
});
