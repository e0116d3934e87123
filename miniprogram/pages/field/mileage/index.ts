import * as clock from '../../../services/clock';
import { asFailure, explain } from '../../../services/failure';
import { fetchStatement, kilometers, type DayStatus } from '../../../services/mileage';
import { openStatement } from '../../../services/statement-file';
import { serviceDay } from '../../../services/service-settings';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

interface Line {
  day: string;
  status: DayStatus;
  status_text: string;
  length: string;
  legs: string;
  complete: boolean;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { day: string }>;

type Shown = 'ready' | 'empty';

/** The month that was chosen last. */
let newest: Promise<Shown> | undefined;

definePage({
  title: 'mileage',
  texts: ['mileage', 'day'],
  data: {
    ...LOADING,
    month: '',
    this_month: '',
    heading: '',
    total: '',
    approved: '',
    lines: [] as Line[],
    opening: false,
  },
  onLoad() {
    const month = serviceDay(clock.now()).slice(0, 7);
    this.setData({ month, this_month: month });
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
  pickMonth({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ month: detail.value.slice(0, 7), ...LOADING });
    void this.load();
  },
  load() {
    const { month } = this.data;
    this.setData({ heading: filled(texts().mileage.statement, { month }) });
    return fill(this, () => {
      // An answer that another month has overtaken waits for it.
      const asked: Promise<Shown> = this.fetch(month).then((state) => (asked === newest ? state : (newest ?? state)));
      newest = asked;
      return asked;
    });
  },
  async fetch(month: string): Promise<Shown> {
    const { days, total_meters, approved_meters } = await fetchStatement('me', month);
    if (month !== this.data.month) return 'ready';
    const t = texts();
    const lines = days.map(({ day, status, total_meters: meters, legs, complete }) => ({
      day,
      status,
      status_text: t.dayStatuses[status],
      length: filled(t.day.kilometers, { kilometers: kilometers(meters) }),
      legs: filled(t.mileage.legs, { number: legs.length }),
      complete,
    }));
    this.setData({ lines, total: kilometers(total_meters), approved: kilometers(approved_meters) });
    return lines.length === 0 ? 'empty' : 'ready';
  },
  openDay({ currentTarget: { dataset } }: Tap) {
    void wx.navigateTo({ url: `/pages/field/day/index?day=${dataset.day}` });
  },
  async openFile() {
    this.setData({ opening: true });
    try {
      await openStatement(this.data.month);
    } catch (error) {
      const { code } = asFailure(error);
      void wx.showToast({ title: code === 'internal' ? texts().mileage.file_failed : explain(error), icon: 'none' });
    }
    this.setData({ opening: false });
  },
});
