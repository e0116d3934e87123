import { fetchMyUnits } from '../../../services/equipment';
import { current } from '../../../services/session';
import { texts } from '../../../texts/index';
import type { Registration } from '../../../services/work-order-types';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

type Tap = WechatMiniprogram.TouchEvent<object, object, { code: string }>;

interface UnitRow {
  code: string;
  model: string;
  serial_number: string;
  where: string;
  position: string;
  /** `good` when the manufacturer has checked the position. */
  tone: 'good' | 'open';
}

function rowOf({ equipment, position_status }: Registration): UnitRow {
  const { code, model, serial_number, site, address } = equipment;
  const statuses: Record<string, string> = texts().positionStatuses;
  return {
    code,
    model,
    serial_number,
    where: [site, address].filter(Boolean).join(' · '),
    position: statuses[position_status ?? ''] ?? texts().units.no_position,
    tone: position_status === 'verified' ? 'good' : 'open',
  };
}

/** Units that the person has registered. */
definePage({
  title: 'units',
  texts: ['units'],
  data: { ...LOADING, logged_in: false, units: [] as UnitRow[], cursor: '', loading_more: false },
  onShow() {
    this.setData({ logged_in: current() !== undefined });
    if (current() !== undefined) void this.load();
  },
  onNetwork(online: boolean) {
    if (online) this.onShow();
  },
  async onPullDownRefresh() {
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  onReachBottom() {
    void this.loadMore();
  },
  load() {
    return fill(this, async () => {
      const { items, next_cursor } = await fetchMyUnits();
      this.setData({ units: items.map(rowOf), cursor: next_cursor ?? '' });
      return items.length === 0 ? 'empty' : 'ready';
    });
  },
  async loadMore() {
    const { cursor, loading_more } = this.data;
    if (cursor === '' || loading_more) return;
    this.setData({ loading_more: true });
    await fill(this, async () => {
      const { items, next_cursor } = await fetchMyUnits(cursor);
      this.setData({ units: [...this.data.units, ...items.map(rowOf)], cursor: next_cursor ?? '' });
      return 'ready';
    });
    this.setData({ loading_more: false });
  },
  open({ currentTarget: { dataset } }: Tap) {
    void wx.navigateTo({ url: `/pages/service/unit/index?code=${dataset.code}` });
  },
  register() {
    void wx.navigateTo({ url: '/pages/service/register/index' });
  },
});
