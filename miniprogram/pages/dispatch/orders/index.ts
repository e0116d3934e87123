import * as clock from '../../../services/clock';
import { fetchEngineers, fetchOrders, type Engineer } from '../../../services/dispatch';
import { learnFaults } from '../../../services/equipment';
import { explain } from '../../../services/failure';
import { orderLine, type OrderLine } from '../../../services/field-words';
import type { State, WorkOrderItem } from '../../../services/work-order-types';
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

definePage({
  title: 'dispatch',
  texts: ['dispatch'],
  data: {
    ...LOADING,
    states: [] as string[],
    chosen_state: 0,
    engineers: [] as Engineer[],
    names: [] as string[],
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
    const { engineers } = this.data;
    this.setData({
      states: [t.open, ...STATES.map(stateText)],
      names: [t.everyone, ...engineers.map(({ name }) => name || t.none)],
    });
  },
  pickState({ detail }: Pick) {
    this.setData({ chosen_state: Number(detail.value) });
    void this.load();
  },
  pickEngineer({ detail }: Pick) {
    this.setData({ chosen_engineer: Number(detail.value) });
    void this.load();
  },
  toggleLate() {
    this.setData({ late: !this.data.late });
    void this.load();
  },
  filter() {
    const { chosen_state, chosen_engineer, engineers, late } = this.data;
    const state = STATES[chosen_state - 1];
    const engineer_id = engineers[chosen_engineer - 1]?.id;
    return {
      ...(state === undefined ? { open: true } : { state }),
      ...(engineer_id !== undefined && { engineer_id }),
      ...(late && { due_before: new Date(clock.now()).toISOString() }),
    };
  },
  load() {
    return fill(this, async () => {
      const [{ items, next_cursor }, engineers] = await Promise.all([fetchOrders(this.filter()), fetchEngineers()]);
      await learnFaults(items);
      this.setData({ cursor: next_cursor ?? '', engineers });
      this.showFilters();
      this.setData({ lines: items.map(lineOf) });
      return 'ready';
    });
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
