import { faultText } from '../../../../services/equipment';
import { showOnMap } from '../../../../services/location';
import { tilesOf } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { briefMoment, period } from '../../../../services/time';
import { targetTexts } from '../../../../services/work-orders';
import type { FollowedOrder, WorkOrder } from '../../../../services/work-order-types';
import { filled, texts } from '../../../../texts/index';

const STARS = [1, 2, 3, 4, 5];

/** An order as its customer sees it: a `WorkOrder`, or a `FollowedOrder`, which says less. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    order: { type: Object, value: null },
  },
  data: {
    t: texts().order,
    fault: '',
    submitted: '',
    next: '',
    targets: [] as { icon: string; text: string; late: boolean }[],
    tiles: [] as MediaTile[],
    preferred: '',
    contact: '',
    stars: [] as { number: number; lit: boolean }[],
    rating: '',
  },
  observers: {
    order() {
      this.show();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const order = this.data.order as (Partial<WorkOrder> & FollowedOrder) | null;
      if (order === null) return;
      const t = texts().order;
      const next: Record<string, string> = texts().nextSteps;
      const { rating, preferred, utc_offsets } = order;
      this.setData({
        t,
        fault: faultText(order.fault_type, order.equipment.code),
        submitted: briefMoment(order.submitted_at, utc_offsets),
        next: next[order.state] ?? '',
        targets: targetTexts(order, utc_offsets),
        tiles: tilesOf(order.media ?? []),
        preferred: preferred ? period(preferred.from, preferred.until, utc_offsets) : '',
        contact: [order.contact?.name, order.contact?.phone].filter(Boolean).join(' '),
        stars: STARS.map((number) => ({ number, lit: number <= (rating ?? 0) })),
        rating: rating ? filled(t.rating, { rating }) : '',
      });
    },
    openMap() {
      const { position, address } = this.data.order as WorkOrder;
      if (position) showOnMap(position, address ?? '');
    },
    copyNumber() {
      const { number } = this.data.order as WorkOrder;
      void wx.setClipboardData({ data: number });
    },
  },
});
