import { texts } from '../../texts/index';

type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string }>;

/** The stops of a working day and the way between them. Fires `edit` with `{id}` of a leg. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** `DayLine`s of `services/day-lines`. */
    lines: { type: Array, value: [] },
  },
  data: { t: texts().day },
  pageLifetimes: {
    show() {
      this.setData({ t: texts().day });
    },
  },
  methods: {
    edit({ currentTarget: { dataset } }: Tap) {
      this.triggerEvent('edit', { id: dataset.id });
    },
  },
});
