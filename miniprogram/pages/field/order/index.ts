import { learnFaults } from '../../../services/equipment';
import { asFailure } from '../../../services/failure';
import { aboutOrder } from '../../../services/field-acts';
import { fieldActs, onFieldActs, owner, perform, sendFieldActs } from '../../../services/field-queue';
import { project } from '../../../services/field-view';
import { actText } from '../../../services/field-words';
import { fetchFieldOrder, knownOrder } from '../../../services/own-orders';
import { visitLine, type VisitLine } from '../../../services/visit-lines';
import { fetchVisits } from '../../../services/visits';
import type { Move, Offer, State, WorkOrder } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { tell } from '../telling';
import { hasVisitToEnd } from '../visit/endings';

/** What an engineer does next, most likely first; the other moves are among "more". */
const FIRST: readonly Move[] = ['take', 'set_out', 'arrive', 'finish', 'resume'];
/** These are made by beginning or ending a visit. */
const ON_SITE: readonly Move[] = ['arrive', 'finish'];
/** A dispatcher decides on the dispatchers' page, where nothing is kept for later. */
const OF_ENGINEER: readonly Move[] = [...FIRST, 'pause', 'release'];

interface Button {
  move: Move;
  text: string;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { move: Move }>;
type Given = WechatMiniprogram.CustomEvent<{ fields: Record<string, string> }>;

let endActs: (() => void) | undefined;

definePage({
  title: 'work_order',
  texts: ['fieldOrder'],
  data: {
    ...LOADING,
    id: '',
    order: null as WorkOrder | null,
    order_state: '' as State | '',
    ahead: false,
    offers: [] as Offer[],
    buttons: [] as Button[],
    more: [] as Button[],
    asked: null as Offer | null,
    /** Why the move that is asked for was not made. */
    problem: '',
    busy: '' as Move | '',
    visits: [] as VisitLine[],
    /** The server has said which visits there are. */
    visits_known: false,
    gone: false,
    waiting: 0,
  },
  onLoad(query: { id?: string }) {
    this.setData({ id: query.id ?? '' });
  },
  onShow() {
    endActs?.();
    endActs = onFieldActs(() => this.actsChanged());
    this.setData({ waiting: fieldActs(this.data.id).length });
    void sendFieldActs();
    void this.load();
  },
  onHide() {
    endActs?.();
  },
  onUnload() {
    endActs?.();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    const { id } = this.data;
    const known = knownOrder(id);
    if (known !== undefined) {
      await this.showOrder(known);
      this.setData({ state: 'ready' });
    }
    await fill(this, async () => {
      try {
        const order = await fetchFieldOrder(id);
        await learnFaults([order]);
        this.setData({ gone: false });
        await this.showOrder(order);
        // Visits are evidence of the past: without them the order can still be worked on.
        const visits = await fetchVisits(id).catch(() => undefined);
        if (visits !== undefined) this.setData({ visits: visits.map(visitLine), visits_known: true });
        return 'ready';
      } catch (error) {
        if (asFailure(error).status !== 404) throw error;
        // Whoever is on site when the order is given to somebody else still checks out.
        const to_end = hasVisitToEnd(id);
        this.setData({ gone: true, buttons: to_end ? [button('finish')] : [], more: [] });
        return to_end && this.data.order !== null ? 'ready' : 'empty';
      }
    });
  },
  /** What was sent is with the server now. */
  actsChanged() {
    const waiting = fieldActs(this.data.id).length;
    const sent = waiting < this.data.waiting;
    this.setData({ waiting });
    void (sent ? this.load() : this.refresh());
  },
  /** Something was written down or refused: the phone may know a newer order. */
  async refresh() {
    const order = knownOrder(this.data.id) ?? this.data.order;
    if (order !== null && !this.data.gone) await this.showOrder(order);
  },
  async showOrder(order: WorkOrder) {
    const { state, moves, ahead } = await project(order, fieldActs(order.id));
    const own = ahead || order.engineer?.id === owner()?.person_id;
    const offers = moves.filter(({ move }) => OF_ENGINEER.includes(move) && (own || move === 'take'));
    const buttons = FIRST.flatMap((move) => (offers.some((offer) => offer.move === move) ? [button(move)] : []));
    // A visit that has begun is ended here, whatever has become of the order since.
    if (hasVisitToEnd(order.id) && !buttons.some(({ move }) => move === 'finish')) buttons.unshift(button('finish'));
    const shown = buttons.slice(0, 2);
    const more = offers.map(({ move }) => button(move)).filter(({ move }) => !shown.some((one) => one.move === move));
    this.setData({ order, order_state: state, ahead, offers, buttons: shown, more });
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
    if (ON_SITE.includes(move)) {
      void wx.navigateTo({ url: `/pages/field/visit/index?id=${this.data.id}` });
      return;
    }
    const offer = this.data.offers.find((one) => one.move === move);
    if (offer === undefined) return;
    if (offer.fields.length > 0) this.setData({ asked: offer, problem: '' });
    else await this.make(move, {});
  },
  closeSheet() {
    this.setData({ asked: null });
  },
  async given({ detail: { fields } }: Given) {
    const { asked } = this.data;
    if (asked !== null) await this.make(asked.move, fields);
  },
  async make(move: Move, fields: Record<string, string>) {
    const { order, busy } = this.data;
    if (order === null || busy !== '') return;
    this.setData({ busy: move, problem: '' });
    const made = await perform({ kind: 'move', order: aboutOrder(order), move, fields }, { on: order });
    const said = filled(texts().fieldOrder.done, { move: actText(move) });
    // The sheet shows what has become of its words.
    const told = await tell(made, said, this.data.asked === null ? undefined : (problem) => this.setData({ problem }));
    this.setData({ busy: '' });
    if (told.kind !== 'refused') this.closeSheet();
    if (told.kind === 'kept') await this.refresh();
    else await this.load();
  },
});

function button(move: Move): Button {
  return { move, text: actText(move) };
}
