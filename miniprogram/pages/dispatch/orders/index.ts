import * as clock from '../../../services/clock';
import { fetchEngineers, fetchOrders, type Engineer } from '../../../services/dispatch';
import { learnFaults } from '../../../services/equipment';
import { explain } from '../../../services/failure';
import { orderLine, type OrderLine } from '../../../services/field-words';
import type { Page, State, WorkOrderItem } from '../../../services/work-order-types';
import { stateText } from '../../../services/work-orders';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

const STATES: readonly State[] = [
  'submitted',
  'accepted',
  'reopened',
  'assigned',
  'on_the_way',
  'on_site',
  'paused',
  'done',
  'confirmed',
  'closed',
  'canceled',
];

type Line = OrderLine & { more: string };
type Pick = WechatMiniprogram.CustomEvent<{ value: string }>;
type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string }>;

interface Answer {
  orders: Page<WorkOrderItem>;
  engineers: Engineer[];
}

/** What each page has asked last: answers do not come in the order of the questions. */
const asked = new WeakMap<object, Promise<Answer>>();

/** The answer to what was asked last, also for whoever asked before. */
async function newest(page: object, answer: Promise<Answer>): Promise<Answer> {
  await answer.catch(() => undefined);
  const last = asked.get(page) ?? answer;
  return last === answer ? answer : newest(page, last);
}

/** By name, so that nobody changes places while the list is open. */
function byName(one: Engineer, other: Engineer): number {
  return (one.name ?? '').localeCompare(other.name ?? '') || (one.id < other.id ? -1 : 1);
}

definePage({
  title: 'dispatch',
  texts: ['dispatch'],
  data: {
    ...LOADING,
    states: [] as string[],
    chosen_state: 0,
    engineers: [] as Engineer[],
    names: [] as string[],
    /** Whose orders; empty for everybody's. */
    engineer_id: '',
    /** The place of `engineer_id` in `names`. */
    chosen_engineer: 0,
    /** Only what is late. */
    late: false,
    lines: [] as Line[],
    cursor: '',
    loading_more: false,
  },
  onShow() {
    this.showFilters();
    void this.load();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  onReachBottom() {
    if (this.data.cursor !== '') void this.more();
  },
  showFilters() {
    const t = texts().dispatch;
    const { engineers, engineer_id } = this.data;
    this.setData({
      chosen_engineer: engineers.findIndex(({ id }) => id === engineer_id) + 1,
      states: [t.open, ...STATES.map(stateText)],
      names: [t.everyone, ...engineers.map(({ name }) => name || t.none)],
    });
  },
  pickState({ detail }: Pick) {
    this.setData({ chosen_state: Number(detail.value) });
    this.begin();
  },
  pickEngineer({ detail }: Pick) {
    this.setData({ engineer_id: this.data.engineers[Number(detail.value) - 1]?.id ?? '' });
    this.showFilters();
    this.begin();
  },
  toggleLate() {
    this.setData({ late: !this.data.late });
    this.begin();
  },
  /** Another list: nothing of the one before is taken for it. */
  begin() {
    this.setData({ lines: [], cursor: '', ...LOADING });
    void this.load();
  },
  filter() {
    const { chosen_state, engineer_id, late } = this.data;
    const state = STATES[chosen_state - 1];
    return {
      ...(state === undefined ? { open: true } : { state }),
      ...(engineer_id !== '' && { engineer_id }),
      ...(late && { due_before: new Date(clock.now()).toISOString() }),
    };
  },
  load() {
    return fill(this, async () => {
      const answer = this.ask();
      asked.set(this, answer);
      const { orders, engineers } = await newest(this, answer);
      // Whoever was chosen stays, also as an engineer no more.
      const chosen = this.data.engineers.filter(({ id }) => id === this.data.engineer_id);
      const gone = chosen.filter(({ id }) => engineers.every((one) => one.id !== id));
      this.setData({
        engineers: [...engineers, ...gone].sort(byName),
        lines: orders.items.map(lineOf),
        cursor: orders.next_cursor ?? '',
      });
      this.showFilters();
      return 'ready';
    });
  },
  async ask(): Promise<Answer> {
    const [orders, engineers] = await Promise.all([fetchOrders(this.filter()), fetchEngineers()]);
    await learnFaults(orders.items);
    return { orders, engineers };
  },
  async more() {
    const { cursor, loading_more, lines } = this.data;
    if (loading_more) return;
    this.setData({ loading_more: true });
    try {
      const { items, next_cursor } = await fetchOrders(this.filter(), cursor);
      // Somebody may have begun another list meanwhile.
      if (this.data.cursor === cursor) {
        this.setData({ cursor: next_cursor ?? '', lines: [...lines, ...items.map(lineOf)] });
      }
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ loading_more: false });
  },
  open({ currentTarget: { dataset } }: Tap) {
    void wx.navigateTo({ url: `/pages/dispatch/order/index?id=${dataset.id}` });
  },
});

function lineOf(order: WorkOrderItem): Line {
  const t = texts().dispatch;
  const { engineer } = order;
  return { ...orderLine(order), more: engineer ? `${t.engineer}: ${engineer.name || t.none}` : t.unassigned };
}
