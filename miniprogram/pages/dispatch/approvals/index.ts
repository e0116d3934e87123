import { dayLines, type DayLine } from '../../../services/day-lines';
import { explain, problemText } from '../../../services/failure';
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
      if (this.data.opened !== '' && !rows.some(({ key }) => key === this.data.opened)) this.leave();
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
      const day = await fetchDay(row.engineer, row.day);
      // A sheet asks about the day that is shown.
      if (!this.data.rejecting) this.show(row.key, day);
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
    if (confirm) await this.decide(looked, 'approve');
  },
  reject() {
    this.setData({ rejecting: true, problem: '', reasons: Object.values(texts().approvalReasons) });
  },
  closeSheet() {
    this.setData({ rejecting: false });
  },
  async rejected({ detail }: WechatMiniprogram.CustomEvent<{ reason: string }>) {
    const { looked } = this.data;
    if (looked !== null) await this.decide(looked, 'reject', detail.reason);
  },
  /** Somebody else has decided about the day that is looked at. */
  leave() {
    const { rejecting, problem } = this.data;
    this.setData({ opened: '', looked: null });
    if (!rejecting) return;
    this.closeSheet();
    void wx.showToast({ title: problem || problemText('version_stale'), icon: 'none' });
  },
  async decide(day: MileageDay, decision: 'approve' | 'reject', reason?: string) {
    if (this.data.busy) return;
    const t = texts().approvals;
    const key = keyOf(day);
    this.setData({ busy: true, problem: '' });
    let problem = '';
    try {
      await decideDay(day, decision, reason);
      // Meanwhile another day may be looked at.
      if (this.data.opened === key) this.setData({ opened: '', looked: null, rejecting: false });
      void wx.showToast({ title: decision === 'approve' ? t.approved : t.rejected, icon: 'success' });
    } catch (error) {
      problem = explain(error);
    }
    this.setData({ busy: false });
    if (problem !== '') {
      if (this.data.rejecting && this.data.opened === key) this.setData({ problem });
      else void wx.showToast({ title: problem, icon: 'none' });
    }
    await this.load();
    if (problem !== '') await this.renew(key, day);
  },
  /** What is decided next is the day as it is now; what was written for it stays in its sheet. */
  async renew(key: string, { engineer, day }: MileageDay) {
    if (this.data.opened !== key) return;
    const now = await fetchDay(engineer.id, day).catch(() => undefined);
    if (now !== undefined && this.data.opened === key) this.show(key, now);
  },
});

function keyOf({ engineer, day }: Pick<SubmittedDay, 'engineer' | 'day'>): string {
  return `${engineer.id} ${day}`;
}

function rowOf({ engineer, day, submitted_at }: SubmittedDay): Row {
  return {
    key: keyOf({ engineer, day }),
    engineer: engineer.id,
    day,
    name: engineer.name || texts().approvals.none,
    facts: [day, submitted_at ? moment(submitted_at, serviceOffsets()) : ''].filter(Boolean).join(' · '),
    own: engineer.id === current()?.person_id,
  };
}
