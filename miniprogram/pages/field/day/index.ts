import * as clock from '../../../services/clock';
import { dayLines, withWaiting, type DayLine } from '../../../services/day-lines';
import { explain, Failure } from '../../../services/failure';
import { fieldActs, onFieldActs, sendFieldActs } from '../../../services/field-queue';
import {
  computeDay,
  emptyDay,
  fetchOwnDay,
  kilometers,
  knownDay,
  submitDay,
  type Leg,
  type MileageDay,
} from '../../../services/mileage';
import { learnSettings, serviceDay, serviceOffsets } from '../../../services/service-settings';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { dayOfVisit, daysFrom, dayUnderway, eveOf } from './underway';

type Tap = WechatMiniprogram.TouchEvent<object, object, { days: number }>;
type Edit = WechatMiniprogram.CustomEvent<{ id: string }>;
type Point = WechatMiniprogram.TouchEvent<object, object, { kind: 'start' | 'end' }>;

let endActs: (() => void) | undefined;

definePage({
  title: 'day',
  texts: ['day'],
  data: {
    ...LOADING,
    date: '',
    is_today: true,
    known: null as MileageDay | null,
    status: '',
    reason: '',
    lines: [] as DayLine[],
    total: '',
    complete: true,
    /** The end comes next. */
    begun: false,
    /** The day that goes on after midnight; empty where the end belongs to today. */
    end_day: '',
    end_text: '',
    /** The figures count what is not sent yet. */
    ahead: false,
    may_submit: false,
    point: '' as 'start' | 'end' | '',
    leg: null as Leg | null,
    submitting: false,
    waiting: 0,
  },
  onLoad(query: { day?: string }) {
    this.setData({ date: query.day ?? serviceDay(clock.now()) });
    void learnSettings().then(() => this.keepToday(query.day));
  },
  /** Which day it is, once the organization's clocks are known; nothing where somebody asked for a day. */
  keepToday(asked: string | undefined) {
    const date = serviceDay(clock.now());
    if (asked !== undefined || date === this.data.date) return;
    this.setData({ date, known: null, lines: [], ...LOADING });
    void this.load();
  },
  onShow() {
    endActs?.();
    endActs = onFieldActs(() => this.actsChanged());
    this.setData({ waiting: fieldActs().length });
    void this.load();
    void this.showDay();
    // What is sent is told by `actsChanged`: photos may take their time.
    void sendFieldActs();
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
  /** What was sent is with the server now. */
  actsChanged() {
    const waiting = fieldActs().length;
    const sent = waiting < this.data.waiting;
    this.setData({ waiting });
    void (sent ? this.load() : this.showDay());
  },
  turn({ currentTarget: { dataset } }: Tap) {
    this.setData({ date: daysFrom(this.data.date, dataset.days), known: null, lines: [], ...LOADING });
    void this.load();
  },
  load() {
    const { date } = this.data;
    const known = knownDay(date);
    // What is shown counts what was sent just now, which this phone's copy of the day does not yet.
    if (known !== undefined && this.data.known === null) {
      this.setData({ known, state: 'ready' });
      void this.showDay();
    }
    return fill(this, async (isLast) => {
      const fetched = await fetchOwnDay(date);
      if (!isLast()) return 'ready';
      this.setData({ known: fetched });
      await this.learnEve(fetched).catch(() => undefined);
      await this.showDay();
      return 'ready';
    });
  },
  /** Until today has started, the day before may go on. */
  async learnEve({ day, stops }: MileageDay) {
    if (day !== serviceDay(clock.now()) || stops.some(({ kind }) => kind !== 'visit')) return;
    await fetchOwnDay(eveOf(day));
  },
  /** The day as the server has it, with what waits on the phone, computed here by the same rule. */
  async showDay() {
    const { date } = this.data;
    const is_today = date === serviceDay(clock.now());
    const known = this.data.known ?? emptyDay(date);
    const day = withWaiting(known, fieldActs(), serviceOffsets());
    const ahead = day.stops.length > known.stops.length;
    const computed = await computeDay(day);
    const { total_meters, complete } = computed ?? known;
    const open = day.status === 'open' || day.status === 'rejected';
    const t = texts();
    const end_day = is_today ? (dayUnderway()?.day ?? date) : date;
    this.setData({
      is_today,
      status: t.dayStatuses[day.status],
      reason: day.status === 'rejected' && day.reason ? filled(t.mileage.rejected, { reason: day.reason }) : '',
      lines: dayLines(day, computed, day.status !== 'approved'),
      total: filled(t.day.total, { kilometers: kilometers(total_meters) }),
      complete,
      begun: day.stops.length > 0 || dayOfVisit(clock.now()) !== undefined,
      end_day: end_day === date ? '' : end_day,
      end_text: end_day === date ? t.day.end : filled(t.day.end_of, { day: end_day.slice(5) }),
      ahead,
      may_submit: open && !ahead && day.stops.length > 1,
    });
    // Without network the page still shows what the phone knows.
    if (day.stops.length > 0 || is_today) {
      if (this.data.state === 'offline') this.setData({ state: 'ready', stale: true });
    }
  },
  openPoint({ currentTarget: { dataset } }: Point) {
    this.setData({ point: dataset.kind });
  },
  closePoint() {
    this.setData({ point: '' });
  },
  pointSaved({ detail }: WechatMiniprogram.CustomEvent<{ day: string }>) {
    this.closePoint();
    // A day that has ended after midnight is shown, to be looked at and submitted.
    if (detail.day !== '') this.setData({ date: detail.day, known: null, lines: [], ...LOADING });
    void this.load();
  },
  openLeg({ detail }: Edit) {
    this.setData({ leg: this.data.known?.legs.find(({ id }) => id === detail.id) ?? null });
  },
  closeLeg() {
    this.setData({ leg: null });
  },
  async legSaved({ detail }: WechatMiniprogram.CustomEvent<{ day: MileageDay }>) {
    this.closeLeg();
    this.setData({ known: detail.day });
    await this.showDay();
  },
  async submit() {
    const t = texts().day;
    const { known } = this.data;
    if (known === null) return;
    if (!this.data.complete) {
      void wx.showToast({ title: t.submit_missing, icon: 'none' });
      return;
    }
    this.setData({ submitting: true });
    try {
      this.setData({ known: await submitDay(known) });
      void wx.showToast({ title: t.submitted, icon: 'success' });
      await this.showDay();
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
      // It may have been rejected meanwhile: shows why.
      if (error instanceof Failure && error.code === 'version_stale') await this.load();
    }
    this.setData({ submitting: false });
  },
});
