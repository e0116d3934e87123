import { learnFaults } from '../../../services/equipment';
import { asFailure, explain } from '../../../services/failure';
import { isOpen } from '../../../services/order-looks';
import { current } from '../../../services/session';
import { beginMove, currentOrderIn, fetchOrder, makeMove } from '../../../services/work-orders';
import type { Offer, WorkOrder } from '../../../services/work-order-types';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { moveButtons, type MoveButton } from '../customer-moves';

type Tap = WechatMiniprogram.TouchEvent<object, object, { move: string }>;

/** One order of the person's own or of their company. */
definePage({
  title: 'order',
  texts: ['order'],
  data: {
    ...LOADING,
    id: '',
    logged_in: false,
    order: null as WorkOrder | null,
    buttons: [] as MoveButton[],
    may_add: false,
    offer: null as Offer | null,
    sending: false,
    problem: '',
    /** Somebody else has changed the order meanwhile. */
    changed: '',
  },
  onLoad(query: { id?: string }) {
    this.setData({ id: query.id ?? '' });
  },
  onShow() {
    this.setData({ logged_in: current() !== undefined });
    if (current() !== undefined) void this.load();
  },
  onNetwork(online: boolean) {
    if (online && current() !== undefined) void this.load();
  },
  async onPullDownRefresh() {
    this.setData({ changed: '' });
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      try {
        const order = await fetchOrder(this.data.id);
        await learnFaults([order]);
        this.show(order);
      } catch (error) {
        if (asFailure(error).code !== 'not_found') throw error;
        return 'empty';
      }
      return 'ready';
    });
  },
  show(order: WorkOrder) {
    const buttons = moveButtons(order.moves);
    this.setData({ order, buttons, may_add: isOpen(order.state) });
  },
  begin({ currentTarget: { dataset } }: Tap) {
    const { order } = this.data;
    const offer = order?.moves.find(({ move }) => move === dataset.move);
    if (order === null || offer === undefined) return;
    beginMove(order.id, order.version);
    this.setData({ offer, problem: '', changed: '' });
  },
  cancel() {
    this.setData({ offer: null });
  },
  async move({ detail }: WechatMiniprogram.CustomEvent<{ fields: Record<string, unknown> }>) {
    const { offer, order, sending } = this.data;
    if (offer === null || order === null || sending) return;
    this.setData({ sending: true, problem: '' });
    try {
      this.show(await makeMove(order.id, { move: offer.move, version: order.version, ...detail.fields }));
      this.setData({ offer: null });
      void wx.showToast({ title: texts().order.done, icon: 'none' });
    } catch (error) {
      const now = currentOrderIn<WorkOrder>(error);
      if (now === undefined) this.setData({ problem: explain(error) });
      else {
        this.show(now);
        this.tellChanged(now, offer);
      }
    }
    this.setData({ sending: false });
  },
  /** What was written stays in its sheet, as long as it may still be sent. */
  tellChanged({ moves }: WorkOrder, { move }: Offer) {
    const { changed } = texts().order;
    if (moves.some((one) => one.move === move)) this.setData({ problem: changed });
    else {
      this.setData({ offer: null, changed });
      void wx.pageScrollTo({ scrollTop: 0, duration: 200 });
    }
  },
  add() {
    const { order } = this.data;
    if (order === null) return;
    const { id, number, equipment } = order;
    void wx.navigateTo({ url: `/pages/service/report/index?code=${equipment.code}&adds_to=${number}&order=${id}` });
  },
});
