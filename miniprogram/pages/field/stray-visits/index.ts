import { onFieldActs } from '../../../services/field-queue';
import { onOwnOrders } from '../../../services/own-orders';
import { strayVisits, type StrayVisit } from '../../../services/stray-visits';
import { texts } from '../../../texts/index';

type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string }>;

const ended = new WeakMap<object, (() => void)[]>();

/** The way to visits that were begun for orders which are somebody else's now. Nothing when there are none. */
Component({
  options: { styleIsolation: 'apply-shared' },
  data: { t: texts().strayVisits, visits: [] as StrayVisit[] },
  lifetimes: {
    attached() {
      const again = () => this.show();
      ended.set(this, [onFieldActs(again), onOwnOrders(again)]);
      this.show();
    },
    detached() {
      ended.get(this)?.forEach((end) => end());
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      this.setData({ t: texts().strayVisits, visits: strayVisits() });
    },
    open({ currentTarget: { dataset } }: Tap) {
      void wx.navigateTo({ url: `/pages/field/visit/index?id=${dataset.id}` });
    },
  },
});
