import { fetchUnit, seenUnit } from '../../../services/equipment';
import { asFailure } from '../../../services/failure';
import { showOnMap } from '../../../services/location';
import { draftOf, isWritten, onDrafts, waitingDrafts } from '../../../services/report-drafts';
import { retryReports } from '../../../services/report-queue';
import { missingLogin } from '../../../services/reports';
import { current } from '../../../services/session';
import { write } from '../../../services/storage';
import type { UtcOffset } from '../../../services/time';
import { unitCodeOf } from '../../../services/unit-link';
import { scanUnit } from '../../../services/unit-scan';
import type { OpenOrder, Unit } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { logInFor } from '../log-in';

type Tap = WechatMiniprogram.TouchEvent<object, object, { number: string }>;

const ended = new WeakMap<object, () => void>();

/** The page of one unit: for whoever scans the code on it, logged in or not. */
definePage({
  title: 'unit',
  texts: ['unit'],
  data: {
    ...LOADING,
    code: '',
    unit: null as Unit | null,
    warranty: '',
    /** The unit belongs to another organization than the one where the person is. */
    elsewhere: '',
    orders: [] as (OpenOrder & { model: string; unit: string; utc_offsets?: UtcOffset[] })[],
    why_not: '',
    may_enter: false,
    report: '',
    waiting: '',
    /** What waits needs the person to log in. */
    needs_login: false,
    position: '',
    registered: false,
  },
  onLoad(query: Record<string, string | undefined>) {
    ended.get(this)?.();
    ended.set(
      this,
      onDrafts(() => this.showDraft()),
    );
    const code = unitCodeOf(query);
    if (code === undefined) this.setData({ state: 'empty' });
    else {
      this.setData({ code });
      const known = seenUnit(code);
      if (known !== undefined) {
        this.show(known);
        this.setData({ state: 'ready' });
      }
    }
  },
  onShow() {
    if (this.data.code === '') return;
    this.showDraft();
    void this.load();
  },
  onUnload() {
    ended.get(this)?.();
  },
  onNetwork(online: boolean) {
    if (online && this.data.code !== '') void this.sendNow();
  },
  async onPullDownRefresh() {
    if (this.data.code !== '') await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      try {
        this.show(await fetchUnit(this.data.code));
      } catch (error) {
        if (asFailure(error).code !== 'not_found') throw error;
        return 'empty';
      }
      return 'ready';
    });
  },
  show(unit: Unit) {
    const t = texts().unit;
    const here = current()?.organization;
    const { organization, warranty_until, in_warranty, position_status } = unit;
    // Whoever logs in from here wants to be where the unit is.
    if (here === undefined) {
      const { scene, name, id } = organization;
      write('organization', { scene, name, id });
    }
    const whys: Record<string, string> = {
      login_required: t.login_required,
      members_only: t.members_only,
      customers_only: t.customers_only,
    };
    const positions: Record<string, string> = texts().positionStatuses;
    this.setData({
      unit,
      warranty: !warranty_until
        ? t.warranty_unknown
        : filled(in_warranty ? t.in_warranty : t.out_of_warranty, { day: warranty_until }),
      elsewhere:
        here !== undefined && here.id !== organization.id
          ? filled(t.elsewhere, { organization: organization.name })
          : '',
      orders: unit.open_work_orders.map((order) => ({
        ...order,
        model: '',
        unit: unit.code,
        utc_offsets: organization.utc_offsets,
      })),
      why_not: unit.may_report ? '' : (whys[unit.why_not ?? ''] ?? t.closed),
      may_enter: unit.why_not === 'members_only' || unit.why_not === 'customers_only',
      registered: unit.registered,
      position: positions[position_status ?? ''] ?? '',
    });
    this.showDraft();
  },
  showDraft() {
    const t = texts().unit;
    const draft = draftOf(this.data.code);
    const waits = waitingDrafts().filter(({ unit }) => unit.code === this.data.code);
    const begun = draft !== undefined && !draft.waiting && isWritten(draft);
    const needs_login = waits.some((one) => missingLogin(one) !== '');
    const later = waits.some(({ problem }) => problem !== undefined) ? t.waiting_later : t.waiting;
    const waiting = needs_login ? t.waiting_login : waits.length > 0 ? later : '';
    this.setData({ report: begun ? t.continue_report : t.report, waiting, needs_login });
  },
  report() {
    void wx.navigateTo({ url: `/pages/service/report/index?code=${this.data.code}` });
  },
  async sendWaiting() {
    const waiting = waitingDrafts().find((one) => one.unit.code === this.data.code && missingLogin(one) !== '');
    if (waiting !== undefined) {
      logInFor(waiting);
      return;
    }
    const why = await this.sendNow();
    if (why !== '') void wx.showToast({ title: why, icon: 'none' });
  },
  /** Answers why something still waits. */
  async sendNow(): Promise<string> {
    const why = await retryReports();
    this.showDraft();
    void this.load();
    return why;
  },
  open({ currentTarget: { dataset } }: Tap) {
    const order = this.data.orders.find(({ number }) => number === dataset.number);
    if (order?.id) void wx.navigateTo({ url: `/pages/service/order/index?id=${order.id}` });
  },
  add({ currentTarget: { dataset } }: Tap) {
    const order = this.data.orders.find(({ number }) => number === dataset.number);
    const id = order?.id ? `&order=${order.id}` : '';
    void wx.navigateTo({ url: `/pages/service/report/index?code=${this.data.code}&adds_to=${dataset.number}${id}` });
  },
  openMap() {
    const { unit } = this.data;
    if (unit?.position) showOnMap(unit.position, unit.model, unit.address ?? '');
  },
  register() {
    void wx.navigateTo({ url: `/pages/service/register/index?code=${this.data.code}` });
  },
  enter() {
    // Whoever is logged in somewhere else has nothing to enter there.
    if (this.data.elsewhere !== '') {
      void this.switchTo();
      return;
    }
    const url = this.data.may_enter ? '/pages/check-in/enroll/index?back=1' : '/pages/account/welcome/index';
    void wx.navigateTo({ url });
  },
  async switchTo() {
    const { unit, code } = this.data;
    if (unit === null) return;
    const next = encodeURIComponent(`/pages/service/unit/index?code=${code}`);
    const to = encodeURIComponent(unit.organization.scene);
    await wx.navigateTo({ url: `/pages/account/switch/index?to=${to}&next=${next}` });
  },
  follow() {
    void wx.navigateTo({ url: `/pages/service/follow/index?unit=${this.data.code}` });
  },
  scan() {
    void scanUnit();
  },
});
