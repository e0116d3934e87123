import { fetchUnit, registerUnit } from '../../../services/equipment';
import { asFailure, explain } from '../../../services/failure';
import { current } from '../../../services/session';
import { unitCodeOf } from '../../../services/unit-link';
import { scanNameplate } from '../../../services/unit-scan';
import type { PickedPlace } from '../../../services/work-order-types';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';

type Input = WechatMiniprogram.CustomEvent<{ value: string }>;

/** Registers a unit as the person's own, with where it stands. */
definePage({
  title: 'register',
  texts: ['register'],
  data: {
    logged_in: false,
    code: '',
    model: '',
    serial_number: '',
    place: null as PickedPlace | null,
    address: '',
    problem: '',
    sending: false,
    /** What became of the position; empty until the unit is registered. */
    done: '',
  },
  onLoad(query: Record<string, string | undefined>) {
    const code = unitCodeOf(query);
    if (code !== undefined) void this.take(code);
  },
  onShow() {
    this.setData({ logged_in: current() !== undefined });
  },
  /** Fills in what the unit's page says; a stranger sees the end of its serial number alone. */
  async take(code: string) {
    this.setData({ code, model: '', problem: '' });
    try {
      const { model, serial_number } = await fetchUnit(code);
      // Another nameplate may have been scanned meanwhile.
      if (this.data.code !== code) return;
      this.setData({ model, ...(!serial_number.includes('*') && { serial_number }) });
    } catch (error) {
      if (this.data.code === code) this.setData({ code: '', problem: explain(error) });
    }
  },
  writeSerial({ detail }: Input) {
    this.setData({ serial_number: detail.value, problem: '' });
  },
  writeAddress({ detail }: Input) {
    this.setData({ address: detail.value });
  },
  async scan() {
    const scanned = await scanNameplate();
    if (scanned === undefined) return;
    if ('code' in scanned) await this.take(scanned.code);
    // It may be another unit than the one whose code was scanned before.
    else this.setData({ serial_number: scanned.serial_number, code: '', model: '', problem: '' });
  },
  locate({ detail: { place } }: WechatMiniprogram.CustomEvent<{ place: PickedPlace | null }>) {
    const named = place?.address || place?.name;
    this.setData({ place, ...(named && { address: named }) });
  },
  async register() {
    const t = texts().register;
    const { code, place, sending } = this.data;
    const [serial_number, address] = [this.data.serial_number.trim(), this.data.address.trim()];
    if (sending) return;
    if (serial_number === '') {
      this.setData({ problem: t.missing });
      return;
    }
    this.setData({ sending: true, problem: '' });
    try {
      const position = place && { latitude: place.latitude, longitude: place.longitude };
      const { equipment } = await registerUnit({
        serial_number,
        ...(code && { code }),
        ...(position && { position }),
        ...(place?.accuracy !== undefined && { accuracy: place.accuracy }),
        ...(address && { address }),
      });
      this.setData({ done: place === null ? t.done : t.done_position, code: equipment.code, model: equipment.model });
    } catch (error) {
      this.tellFailure(error);
    }
    this.setData({ sending: false });
  },
  /** Whoever types the serial number of another unit than the one that was scanned may mean that one. */
  tellFailure(error: unknown) {
    const t = texts().register;
    if (asFailure(error).code !== 'serial_unknown') this.setData({ problem: explain(error) });
    else if (this.data.code === '') this.setData({ problem: t.unknown });
    else this.setData({ problem: t.unknown_here, code: '', model: '' });
  },
  openUnit() {
    void wx.redirectTo({ url: `/pages/service/unit/index?code=${this.data.code}` });
  },
  leave() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: '/pages/tabs/home/index' });
  },
});
