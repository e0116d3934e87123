import { learnFaults } from '../../../services/equipment';
import { explain } from '../../../services/failure';
import { actText } from '../../../services/field-words';
import type { Move, Offer, WorkOrder } from '../../../services/work-order-types';
import { beginMove, currentOrderIn, fetchOrder, makeMove, stateText } from '../../../services/work-orders';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

/** What a dispatcher does, most likely first; the other moves are among "more". */
const FIRST: readonly Move[] = ['assign', 'accept', 'reopen', 'close'];
/** Only whoever is on the way makes these. */
const OF_ENGINEER: readonly Move[] = ['take', 'set_out', 'arrive', 'finish', 'confirm'];

interface Button {
  move: Move;
  text: string;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { move: Move }>;
type Given = WechatMiniprogram.CustomEvent<{ fields: Record<string, string> }>;
type Chosen = WechatMiniprogram.CustomEvent<{ id: string; name: string }>;

definePage({
  title: 'dispatch_order',
  texts: ['dispatch', 'fieldOrder'],
  data: {
    ...LOADING,
    id: '',
    order: null as WorkOrder | null,
    engineer: '',
    buttons: [] as Button[],
    more: [] as Button[],
    asked: null as Offer | null,
    choosing: false,
    chosen: { id: '', name: '' },
    /** Why the move that is asked for was not made. */
    problem: '',
    busy: '' as Move | '',
  },
  onLoad(query: { id?: string }) {
    this.setData({ id: query.id ?? '' });
  },
  onShow() {
    void this.load();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      const order = await fetchOrder(this.data.id);
      await learnFaults([order]);
      this.showOrder(order);
      return 'ready';
    });
  },
  showOrder(order: WorkOrder) {
    const t = texts().dispatch;
    const offers = order.moves.map(({ move }) => move).filter((move) => !OF_ENGINEER.includes(move));
    const shown = FIRST.filter((move) => offers.includes(move)).slice(0, 2);
    this.setData({
      order,
      engineer: order.engineer ? order.engineer.name || t.none : t.unassigned,
      buttons: shown.map(button),
      more: offers.filter((move) => !shown.includes(move)).map(button),
    });
  },
  async showMore() {
    const { more } = this.data;
    const picked = await wx
      .showActionSheet({ itemList: more.slice(0, 6).map(({ text }) => text) })
      .catch(() => undefined);
    const chosen = picked && more[picked.tapIndex];
    if (chosen) await this.begin(chosen.move);
  },
  tapMove({ currentTarget: { dataset } }: Tap) {
    void this.begin(dataset.move);
  },
  async begin(move: Move) {
    const { order } = this.data;
    const offer = order?.moves.find((one) => one.move === move);
    if (order === null || offer === undefined) return;
    beginMove(order.id, order.version);
    this.setData({ chosen: { id: '', name: '' }, problem: '' });
    // Where an engineer is all that is asked, there is one sheet instead of two.
    if (move === 'assign') this.setData({ asked: offer.fields.length > 1 ? offer : null, choosing: true });
    else if (offer.fields.length > 0) this.setData({ asked: offer });
    else await this.make(move, {});
  },
  chooseEngineer() {
    this.setData({ choosing: true });
  },
  stopChoosing() {
    this.setData({ choosing: false });
  },
  async engineerChosen({ detail }: Chosen) {
    this.setData({ choosing: false, chosen: detail });
    if (this.data.asked !== null) return;
    await this.make('assign', { engineer_id: detail.id });
  },
  closeSheet() {
    this.setData({ asked: null });
  },
  async given({ detail: { fields } }: Given) {
    const { asked } = this.data;
    if (asked !== null) await this.make(asked.move, fields);
  },
  /** A dispatcher decides with the order in view, so nothing is kept for later: without network it is said. */
  async make(move: Move, fields: Record<string, string>) {
    const { order, busy } = this.data;
    if (order === null || busy !== '') return;
    this.setData({ busy: move, problem: '' });
    const t = texts();
    try {
      this.showOrder(await makeMove(order.id, { move, version: order.version, ...fields }));
      this.closeSheet();
      void wx.showToast({ title: filled(t.dispatch.done, { move: actText(move) }), icon: 'none' });
    } catch (error) {
      const current = currentOrderIn<WorkOrder>(error);
      if (current !== undefined) this.showOrder(current);
      const content =
        current === undefined ? explain(error) : filled(t.dispatch.stale, { state: stateText(current.state) });
      const title = current === undefined ? t.fieldOrder.refused_title : t.dispatch.stale_title;
      // What was written stays in its sheet, to be sent again.
      if (this.data.asked !== null) this.setData({ problem: content });
      else await wx.showModal({ title, content, showCancel: false, confirmText: t.waiting.seen });
    }
    this.setData({ busy: '' });
  },
});

function button(move: Move): Button {
  return { move, text: actText(move) };
}
