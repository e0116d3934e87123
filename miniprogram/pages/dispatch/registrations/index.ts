import { decideRegistration, fetchRegistrations, type UnitRegistration } from '../../../services/dispatch';
import { asFailure, explain, problemText } from '../../../services/failure';
import { distanceText } from '../../../services/field-words';
import { showOnMap } from '../../../services/location';
import { serviceOffsets } from '../../../services/service-settings';
import { moment } from '../../../services/time';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

interface Row {
  id: string;
  version: number;
  title: string;
  serial: string;
  facts: string[];
  /** How far the told position is from the known one. */
  apart: string;
  markers: { id: number; latitude: number; longitude: number; width: number; height: number }[];
  latitude: number;
  longitude: number;
  has_place: boolean;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { id: string }>;

definePage({
  title: 'registrations',
  texts: ['registrations', 'dispatch'],
  data: {
    ...LOADING,
    rows: [] as Row[],
    cursor: '',
    loading_more: false,
    busy: '',
    rejecting: '',
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
  onReachBottom() {
    if (this.data.cursor !== '') void this.more();
  },
  load() {
    return fill(this, async () => {
      const known = this.data.rows.length;
      let { items, next_cursor } = await fetchRegistrations();
      const isMissing = (): boolean =>
        this.data.rejecting !== '' && !items.some(({ id }) => id === this.data.rejecting);
      // The one that is asked about may lie further down.
      while (isMissing() && next_cursor && items.length <= known) {
        const further = await fetchRegistrations(next_cursor);
        items = [...items, ...further.items];
        next_cursor = further.next_cursor;
      }
      this.setData({ rows: items.map(rowOf), cursor: next_cursor ?? '' });
      if (isMissing()) this.leave(this.data.rejecting);
      return items.length === 0 ? 'empty' : 'ready';
    });
  },
  async more() {
    const { cursor, loading_more } = this.data;
    if (loading_more) return;
    this.setData({ loading_more: true });
    try {
      const { items, next_cursor } = await fetchRegistrations(cursor);
      if (this.data.cursor === cursor) {
        this.setData({ rows: [...this.data.rows, ...items.map(rowOf)], cursor: next_cursor ?? '' });
      }
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ loading_more: false });
  },
  showPlace({ currentTarget: { dataset } }: Tap) {
    const row = this.data.rows.find(({ id }) => id === dataset.id);
    if (row !== undefined) showOnMap(row, row.title);
  },
  async verify({ currentTarget: { dataset } }: Tap) {
    const row = this.data.rows.find(({ id }) => id === dataset.id);
    if (row === undefined) return;
    const t = texts();
    const { confirm } = await wx.showModal({
      title: t.registrations.verify,
      content: filled(t.registrations.verify_confirm, { serial: row.serial }),
      confirmText: t.registrations.verify,
      cancelText: t.sheet.cancel,
    });
    if (confirm) await this.decide(row, 'verify');
  },
  reject({ currentTarget: { dataset } }: Tap) {
    this.setData({ rejecting: dataset.id, problem: '', reasons: Object.values(texts().registrationReasons) });
  },
  closeSheet() {
    this.setData({ rejecting: '' });
  },
  async rejected({ detail }: WechatMiniprogram.CustomEvent<{ reason: string }>) {
    const row = this.data.rows.find(({ id }) => id === this.data.rejecting);
    if (row !== undefined) await this.decide(row, 'reject', detail.reason);
  },
  async decide(row: Row, decision: 'verify' | 'reject', reason?: string) {
    const t = texts().registrations;
    if (this.data.busy !== '') return;
    this.setData({ busy: row.id, problem: '' });
    try {
      await decideRegistration(row, decision, reason);
      // Meanwhile the sheet may be about another one.
      if (this.data.rejecting === row.id) this.closeSheet();
      void wx.showToast({ title: decision === 'verify' ? t.verified : t.rejected, icon: 'success' });
    } catch (error) {
      const problem = explain(error);
      const asked = this.data.rejecting === row.id;
      if (asked) this.setData({ problem });
      else void wx.showToast({ title: problem, icon: 'none' });
      if (asked && asFailure(error).code === 'not_found') this.leave(row.id);
    }
    this.setData({ busy: '' });
    await this.load();
  },
  /** Somebody else has decided meanwhile: there is nothing left to give a reason for. */
  leave(id: string) {
    if (this.data.rejecting !== id) return;
    this.closeSheet();
    void wx.showToast({ title: this.data.problem || problemText('version_stale'), icon: 'none' });
  },
});

function rowOf(registration: UnitRegistration): Row {
  const t = texts().registrations;
  const { id, version, equipment, person, position, address, accuracy, distance_meters, updated_at } = registration;
  const exact = typeof accuracy === 'number' ? filled(texts().dispatch.accuracy, { meters: accuracy }) : '';
  const who = [person.name, person.phone].filter(Boolean).join(' ');
  const apart = typeof distance_meters === 'number' ? filled(t.apart, { distance: distanceText(distance_meters) }) : '';
  return {
    id,
    version,
    title: equipment.model,
    serial: equipment.serial_number,
    facts: [
      [equipment.serial_number, equipment.site].filter(Boolean).join(' · '),
      [address, exact].filter(Boolean).join(' · '),
      [who === '' ? '' : `${t.by}: ${who}`, moment(updated_at, serviceOffsets())].filter(Boolean).join(' · '),
    ].filter((fact) => fact !== ''),
    apart: equipment.position ? apart : t.no_known,
    markers: position ? [{ id: 0, ...position, width: 28, height: 36 }] : [],
    latitude: position?.latitude ?? 0,
    longitude: position?.longitude ?? 0,
    has_place: Boolean(position),
  };
}
