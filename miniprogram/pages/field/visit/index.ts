import { problemText } from '../../../services/failure';
import { visitedOrder, type VisitedOrder } from '../../../services/field-acts';
import { fieldActs, owner } from '../../../services/field-queue';
import { refusalText } from '../../../services/field-words';
import { fetchFieldOrder, knownOrder } from '../../../services/own-orders';
import { knownSettings, learnSettings } from '../../../services/service-settings';
import { EMPTY_FORM, endVisit, keepVisit, openVisit } from '../../../services/visit-drafts';
import { fetchVisits, type Visit } from '../../../services/visits';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { takeBack, whyOver } from './endings';

definePage({
  title: 'visit',
  texts: [],
  data: {
    ...LOADING,
    id: '',
    order: null as VisitedOrder | null,
    number: '',
    begun: false,
    /** The order was somebody else's already when the page was opened. */
    stray: false,
    /** Why the check-out that is shown again was refused. */
    refusal: '',
    settings: knownSettings(),
  },
  onLoad(query: { id?: string }) {
    const id = query.id ?? '';
    this.setData({ id, stray: knownOrder(id) === undefined && openVisit(id) !== undefined });
    void this.load();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  /** What the phone knows is enough to begin or to end; the server may know of a visit that was begun elsewhere. */
  load() {
    const { id } = this.data;
    this.setData({ settings: knownSettings() });
    const refused = takeBack(id);
    if (refused !== undefined) {
      this.setData({ refusal: filled(texts().visit.was_refused, { reason: refusalText(refused) }) });
    }
    const known = knownOrder(id);
    const order = known === undefined ? openVisit(id)?.order : visitedOrder(known);
    if (order !== undefined) this.showOrder(order);
    return fill(this, async () => {
      void learnSettings().then((settings) => this.setData({ settings }));
      if (order === undefined) this.showOrder(visitedOrder(await fetchFieldOrder(id)));
      await this.compare().catch(() => undefined);
      return 'ready';
    });
  },
  showOrder(order: VisitedOrder) {
    const number = filled(texts().fieldOrder.number, { number: order.number });
    this.setData({ order, number, begun: openVisit(order.id) !== undefined, state: 'ready' });
  },
  /** The server knows best what has begun and ended, but of what waits here. */
  async compare() {
    const { id } = this.data;
    const [draft, acts] = [openVisit(id), fieldActs(id)];
    const visits = await fetchVisits(id);
    if (draft === undefined) return this.resume(visits);
    const why = whyOver(draft, visits, acts);
    if (why === undefined || openVisit(id)?.visit_key !== draft.visit_key) return;
    endVisit(draft.visit_key, 'go');
    if (why === 'ended') await this.over();
    else {
      void wx.showToast({ title: texts().visit.unknown, icon: 'none', duration: 3_000 });
      this.setData({ begun: false });
    }
  },
  /** A visit that this person has begun and not ended, perhaps on another phone. */
  resume(visits: readonly Visit[]) {
    const who = owner();
    const { id, order } = this.data;
    const open = visits.find(({ engineer, check_out }) => engineer.id === who?.person_id && !check_out);
    if (open === undefined || who === undefined || order === null || openVisit(id) !== undefined) return;
    const { visit_key, check_in } = open;
    // Its end may be on its way.
    if (fieldActs(id).some((act) => act.kind === 'check_out' && act.visit_key === visit_key)) return;
    const { outcome, distance_meters } = check_in;
    const far = typeof distance_meters === 'number' && { distance_meters };
    keepVisit({
      ...who,
      visit_key,
      order_id: id,
      order,
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
  /** The visit was ended on another phone, or by what this one has sent meanwhile. */
  async over() {
    await wx.showModal({
      title: problemText('already_checked_out'),
      showCancel: false,
      confirmText: texts().waiting.seen,
    });
    this.leave();
  },
  leave() {
    // The page of the order shows what has become of it; it may not be there after a restart.
    const pages = getCurrentPages();
    const before = pages.slice(-2)[0]?.route;
    const back = before === 'pages/field/order/index' || (this.data.stray && pages.length > 1);
    if (back) void wx.navigateBack({ delta: 1 });
    else void wx.redirectTo({ url: `/pages/field/order/index?id=${this.data.id}` });
  },
});
