import { learnFaults, seenUnit } from '../../../services/equipment';
import { asFailure, explain } from '../../../services/failure';
import {
  beginMove,
  claimFollowed,
  currentOrderIn,
  fetchFollowed,
  findFollowed,
  moveFollowed,
} from '../../../services/work-orders';
import { forgetSent, noteState } from '../../../services/sent-reports';
import { current } from '../../../services/session';
import { read } from '../../../services/storage';
import { followCodeOf, unitCodeOf } from '../../../services/unit-link';
import { scanUnit } from '../../../services/unit-scan';
import type { FollowedOrder, Offer } from '../../../services/work-order-types';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { moveButtons, type MoveButton } from '../customer-moves';

type Input = WechatMiniprogram.CustomEvent<{ value: string }>;
type Tap = WechatMiniprogram.TouchEvent<object, object, { move: string }>;

/** Follows an order without login: by the code in its link, or by its number and the phone number of its contact. */
definePage({
  title: 'follow',
  texts: ['follow'],
  data: {
    ...LOADING,
    code: '',
    /** The unit from whose page the person comes. */
    unit: '',
    number: '',
    phone: '',
    finding: false,
    /** Nothing was found by number and phone number; it may be the report of somebody who was logged in. */
    nothing: false,
    order: null as FollowedOrder | null,
    buttons: [] as MoveButton[],
    offer: null as Offer | null,
    sending: false,
    problem: '',
    changed: '',
    /** The person is logged in where the order belongs, so it may become theirs. */
    may_claim: false,
    claiming: false,
  },
  onLoad(query: Record<string, string | undefined>) {
    this.setData({ code: followCodeOf(query) ?? '', unit: unitCodeOf({ code: query['unit'] }) ?? '' });
  },
  onShow() {
    this.showClaim();
    if (this.data.code !== '') void this.load();
  },
  onNetwork(online: boolean) {
    if (online && this.data.code !== '') void this.load();
  },
  async onPullDownRefresh() {
    this.setData({ changed: '' });
    if (this.data.code !== '') await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      try {
        await this.show(await fetchFollowed(this.data.code));
      } catch (error) {
        if (asFailure(error).code !== 'not_found') throw error;
        return 'empty';
      }
      return 'ready';
    });
  },
  async show(order: FollowedOrder) {
    await learnFaults([order], true);
    noteState(order.follow.code, order.state);
    this.setData({ order, buttons: moveButtons(order.moves) });
    this.showClaim();
  },
  showClaim() {
    const { order } = this.data;
    const theirs = order === null ? undefined : seenUnit(order.equipment.code)?.organization.id;
    const here = current()?.organization.id;
    // Of a unit that is retired nobody says whose it is; the server will.
    this.setData({ may_claim: order !== null && here !== undefined && (theirs ?? here) === here });
  },
  writeNumber({ detail }: Input) {
    this.setData({ number: detail.value, problem: '', nothing: false });
  },
  writePhone({ detail }: Input) {
    this.setData({ phone: detail.value, problem: '', nothing: false });
  },
  async find() {
    const t = texts().follow;
    // As it is read out or copied: with spaces, or in small letters.
    const number = this.data.number.normalize('NFKC').replace(/\s/g, '').toUpperCase();
    const phone = this.data.phone.normalize('NFKC').trim();
    if (this.data.finding) return;
    if (number === '' || phone === '') {
      this.setData({ problem: t.missing });
      return;
    }
    const organization_id = read('organization')?.id;
    const whose =
      this.data.unit !== ''
        ? { equipment_code: this.data.unit }
        : organization_id !== undefined
          ? { organization_id }
          : undefined;
    if (whose === undefined) {
      this.setData({ problem: t.scan_first });
      return;
    }
    this.setData({ finding: true, problem: '', nothing: false });
    try {
      const order = await findFollowed(number, phone, whose);
      await this.show(order);
      this.setData({ code: order.follow.code, state: 'ready' });
    } catch (error) {
      const nothing = asFailure(error).code === 'not_found';
      this.setData({ nothing, problem: nothing ? t.not_found : explain(error) });
    }
    this.setData({ finding: false });
  },
  openMine() {
    void wx.navigateTo({ url: '/pages/service/orders/index' });
  },
  scan() {
    void scanUnit();
  },
  /** Back to the form, from a link that leads nowhere. */
  findOther() {
    this.setData({ code: '', order: null, problem: '', ...LOADING });
  },
  begin({ currentTarget: { dataset } }: Tap) {
    const { order, code } = this.data;
    const offer = order?.moves.find(({ move }) => move === dataset.move);
    if (order === null || offer === undefined) return;
    beginMove(code, order.version);
    this.setData({ offer, problem: '', changed: '' });
  },
  cancel() {
    this.setData({ offer: null });
  },
  async move({ detail }: WechatMiniprogram.CustomEvent<{ fields: Record<string, unknown> }>) {
    const { offer, order, code, sending } = this.data;
    if (offer === null || order === null || sending) return;
    this.setData({ sending: true, problem: '' });
    try {
      await this.show(await moveFollowed(code, { move: offer.move, version: order.version, ...detail.fields }));
      this.setData({ offer: null });
      void wx.showToast({ title: texts().order.done, icon: 'none' });
    } catch (error) {
      if (currentOrderIn(error) === undefined) this.setData({ problem: explain(error) });
      else {
        await this.load();
        // What was written stays in its sheet, as long as it may still be sent.
        const { changed } = texts().order;
        const offered = this.data.order?.moves.some(({ move }) => move === offer.move);
        this.setData(offered ? { problem: changed } : { offer: null, changed });
      }
    }
    this.setData({ sending: false });
  },
  copyLink() {
    const url = this.data.order?.follow.url;
    if (url !== undefined) void wx.setClipboardData({ data: url });
  },
  async claim() {
    if (this.data.claiming) return;
    this.setData({ claiming: true });
    try {
      const { id } = await claimFollowed(this.data.code);
      forgetSent(this.data.code);
      await wx.redirectTo({ url: `/pages/service/order/index?id=${id}` });
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ claiming: false });
  },
});
