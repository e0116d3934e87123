import { fieldActs, owner } from '../../../services/field-queue';
import { fetchFieldOrder, knownOrder } from '../../../services/own-orders';
import { knownSettings, learnSettings } from '../../../services/service-settings';
import { EMPTY_FORM, keepVisit, openVisit } from '../../../services/visit-drafts';
import { fetchVisits } from '../../../services/visits';
import type { WorkOrder } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

definePage({
  title: 'visit',
  texts: [],
  data: { ...LOADING, id: '', order: null as WorkOrder | null, number: '', begun: false, settings: knownSettings() },
  onLoad(query: { id?: string }) {
    this.setData({ id: query.id ?? '' });
    void this.load();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  /** What the phone knows is enough to begin; the server may know of a visit that was begun elsewhere. */
  load() {
    const { id } = this.data;
    this.setData({ settings: knownSettings() });
    const known = knownOrder(id);
    if (known !== undefined) this.showOrder(known);
    return fill(this, async () => {
      void learnSettings().then((settings) => this.setData({ settings }));
      if (known === undefined) this.showOrder(await fetchFieldOrder(id));
      if (!this.data.begun) await this.resume().catch(() => undefined);
      return 'ready';
    });
  },
  showOrder(order: WorkOrder) {
    const number = filled(texts().fieldOrder.number, { number: order.number });
    this.setData({ order, number, begun: openVisit(order.id) !== undefined, state: 'ready' });
  },
  /** A visit that this person has begun and not ended, perhaps on another phone. */
  async resume() {
    const who = owner();
    const { id } = this.data;
    const open = (await fetchVisits(id)).find(
      ({ engineer, check_out }) => engineer.id === who?.person_id && !check_out,
    );
    if (open === undefined || who === undefined || openVisit(id) !== undefined) return;
    const { visit_key, check_in } = open;
    // Its end may be on its way.
    if (fieldActs(id).some((act) => act.kind === 'check_out' && act.visit_key === visit_key)) return;
    const { outcome, distance_meters } = check_in;
    const far = typeof distance_meters === 'number' && { distance_meters };
    keepVisit({
      ...who,
      visit_key,
      order_id: id,
      checked_in_at: Date.parse(check_in.at),
      outcome,
      ...far,
      form: EMPTY_FORM,
    });
    this.setData({ begun: true });
  },
  checkedIn() {
    this.setData({ begun: true });
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },
  checkedOut() {
    // The page of the order shows what has become of it; it may not be there after a restart.
    const before = getCurrentPages().slice(-2)[0]?.route;
    if (before === 'pages/field/order/index') void wx.navigateBack({ delta: 1 });
    else void wx.redirectTo({ url: `/pages/field/order/index?id=${this.data.id}` });
  },
});
