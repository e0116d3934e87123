import { dayLines, type DayLine } from '../../../services/day-lines';
import { explain } from '../../../services/failure';
import { tilesOf } from '../../../services/media';
import type { MediaTile } from '../../../services/media-types';
import {
  decideDay,
  fetchDay,
  fetchSubmitted,
  kilometers,
  type MileageDay,
  type SubmittedDay,
} from '../../../services/mileage';
import { current } from '../../../services/session';
import { serviceOffsets } from '../../../services/service-settings';
import { moment } from '../../../services/time';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

interface Row {
  key: string;
  engineer: string;
  day: string;
  name: string;
  facts: string;
  own: boolean;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { key: string }>;

definePage({
  title: 'approvals',
  texts: ['approvals'],
  data: {
    ...LOADING,
    rows: [] as Row[],
    /** The one that is looked at; nothing is decided unseen. */
    opened: '',
    opening: '',
    looked: null as MileageDay | null,
    lines: [] as DayLine[],
    photos: [] as MediaTile[],
    total: '',
    manual: '',
    busy: false,
    rejecting: false,
    /** Why the rejection was not taken. */
    problem: '',
    reasons: [] as string[],
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
  load() {
    return fill(this, async () => {
      const rows = (await fetchSubmitted()).map(rowOf);
      this.setData({ rows });
      if (!rows.some(({ key }) => key === this.data.opened)) this.setData({ opened: '', looked: null });
      return rows.length === 0 ? 'empty' : 'ready';
    });
  },
  async open({ currentTarget: { dataset } }: Tap) {
    const row = this.data.rows.find(({ key }) => key === dataset.key);
    if (row === undefined || this.data.opening !== '') return;
    if (this.data.opened === row.key) {
      this.setData({ opened: '', looked: null });
      return;
    }
    this.setData({ opening: row.key });
    try {
      this.show(row.key, await fetchDay(row.engineer, row.day));
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ opening: '' });
  },
  show(key: string, day: MileageDay) {
    const t = texts();
    const manual = day.legs.filter(({ method }) => method === 'manual').length;
    const photos = [...day.stops.flatMap(({ photo }) => photo ?? []), ...day.legs.flatMap((leg) => leg.photos ?? [])];
    this.setData({
      opened: key,
      looked: day,
      // The figures of the server are what is approved.
      lines: dayLines(day, undefined, false),
      photos: tilesOf(photos),
      total: filled(t.day.total, { kilometers: kilometers(day.total_meters) }),
      manual: manual === 0 ? '' : filled(t.approvals.manual, { number: manual }),
    });
  },
  async approve() {
    const { looked } = this.data;
    if (looked === null) return;
    const t = texts();
    const { confirm } = await wx.showModal({
      title: t.approvals.approve,
      content: filled(t.approvals.approve_confirm, {
        name: looked.engineer.name || t.approvals.none,
        day: looked.day,
        kilometers: kilometers(looked.total_meters),
      }),
      confirmText: t.approvals.approve,
      cancelText: t.sheet.cancel,
    });
    if (confirm) await this.decide('approve');
  },
  reject() {
    this.setData({ rejecting: true, problem: '', reasons: Object.values(texts().approvalReasons) });
  },
  closeSheet() {
    this.setData({ rejecting: false });
  },
  async rejected({ detail }: WechatMiniprogram.CustomEvent<{ reason: string }>) {
    await this.decide('reject', detail.reason);
  },
  async decide(decision: 'approve' | 'reject', reason?: string) {
    const { looked } = this.data;
    if (looked === null || this.data.busy) return;
    const t = texts().approvals;
    this.setData({ busy: true, problem: '' });
    let problem = '';
    try {
      await decideDay(looked, decision, reason);
      this.closeSheet();
      void wx.showToast({ title: decision === 'approve' ? t.approved : t.rejected, icon: 'success' });
      this.setData({ opened: '', looked: null });
    } catch (error) {
      problem = explain(error);
    }
    this.setData({ busy: false, problem });
    if (problem !== '' && !this.data.rejecting) void wx.showToast({ title: problem, icon: 'none' });
    await this.load();
    if (this.data.rejecting) await this.renew(looked, problem);
  },
  /** What was written stays in its sheet, for the day as it is now, unless somebody else has decided meanwhile. */
  async renew({ engineer, day }: MileageDay, problem: string) {
    if (this.data.looked === null) {
      this.closeSheet();
      void wx.showToast({ title: problem, icon: 'none' });
      return;
    }
    const now = await fetchDay(engineer.id, day).catch(() => undefined);
    if (now !== undefined && this.data.rejecting) this.show(this.data.opened, now);
  },
});

function rowOf({ engineer, day, submitted_at }: SubmittedDay): Row {
  return {
    key: `${engineer.id} ${day}`,
    engineer: engineer.id,
    day,
    name: engineer.name || texts().approvals.none,
    facts: [day, submitted_at ? moment(submitted_at, serviceOffsets()) : ''].filter(Boolean).join(' · '),
    own: engineer.id === current()?.person_id,
  };
}
