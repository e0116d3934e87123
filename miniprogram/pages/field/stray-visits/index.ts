import { showingField } from '../../../services/field-showing';
import { strayVisits, type StrayVisit } from '../../../services/stray-visits';
import { texts } from '../../../texts/index';

type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string }>;

/** The way to visits that were begun for orders which are somebody else's now. Nothing when there are none. */
Component({
  options: { styleIsolation: 'apply-shared' },
  data: { t: texts().strayVisits, visits: [] as StrayVisit[] },
  ...showingField,
  methods: {
    show() {
      this.setData({ t: texts().strayVisits, visits: strayVisits() });
    },
    open({ currentTarget: { dataset } }: Tap) {
      void wx.navigateTo({ url: `/pages/field/visit/index?id=${dataset.id}` });
    },
  },
});
