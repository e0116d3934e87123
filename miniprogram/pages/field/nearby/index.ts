import * as clock from '../../../services/clock';
import { learnFaults } from '../../../services/equipment';
import { explain } from '../../../services/failure';
import { aboutOrder } from '../../../services/field-acts';
import { fieldActs, onFieldActs, perform, sendFieldActs } from '../../../services/field-queue';
import { project } from '../../../services/field-view';
import { orderLine, type OrderLine } from '../../../services/field-words';
import { isAllowed, isRefused, locate, pickPoint, type NoPosition } from '../../../services/location';
import { fetchNearby, type WaitingOrder } from '../../../services/nearby';
import { fetchOwn, knownOwn } from '../../../services/own-orders';
import { factsOf } from '../../../services/point-facts';
import { learnSettings, serviceOffsets } from '../../../services/service-settings';
import { moment } from '../../../services/time';
import type { PickedPlace, Point, WorkOrder } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING, overtake } from '../../filling';
import { tell } from '../telling';
import { filterChoices, filterOf, type FilterChoice } from './filters';

type Tab = 'waiting' | 'mine';
type Tap = WechatMiniprogram.TouchEvent<object, object, { tab?: Tab; id?: string }>;
type Change = WechatMiniprogram.CustomEvent<{ value: string }, object, { name: FilterChoice['name'] }>;
type OwnLine = OrderLine & { ahead: boolean };

/** How often the age of the position is told anew, in milliseconds. */
const AGING = 15_000;

let aging = 0;
let endActs: (() => void) | undefined;
/** How often a list was begun; only the last one counts. */
let begun = 0;

definePage({
  title: 'nearby',
  texts: ['nearby', 'fieldOrder', 'point'],
  data: {
    ...LOADING,
    tab: 'waiting' as Tab,
    place: null as PickedPlace | null,
    facts: '',
    why: '' as NoPosition | '',
    locating: false,
    chosen: { state: 0, due: 0, skill: 0 },
    filters: [] as FilterChoice[],
    items: [] as WaitingOrder[],
    lines: [] as OrderLine[],
    /** From where the distances of the list count. */
    origin: null as Point | null,
    cursor: '',
    loading_more: false,
    taking: '',
    with_map: false,
    markers: [] as { id: number; latitude: number; longitude: number; width: number; height: number; title: string }[],
    own: [] as OwnLine[],
    own_seen: '',
  },
  onLoad(query: { tab?: string }) {
    this.setData({ tab: query.tab === 'mine' ? 'mine' : 'waiting' });
    void learnSettings().then(() => this.showFilters());
  },
  onShow() {
    this.showFilters();
    void this.showOwn();
    void this.begin();
    aging = setInterval(() => this.showFacts(), AGING);
    endActs = onFieldActs(() => void this.showOwn());
  },
  onHide() {
    this.stop();
  },
  onUnload() {
    this.stop();
  },
  stop() {
    clearInterval(aging);
    endActs?.();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  async onPullDownRefresh() {
    if (this.data.tab === 'waiting' && this.data.place?.source === 'gps') await this.refresh();
    else await this.load();
    void wx.stopPullDownRefresh();
  },
  onReachBottom() {
    if (this.data.tab === 'waiting' && this.data.cursor !== '') void this.more();
  },
  /** Who has allowed the position once is not asked to tap for it. */
  async begin() {
    void sendFieldActs();
    if (this.data.tab === 'waiting' && this.data.place === null && (await isAllowed())) await this.refresh();
    else await this.load();
  },
  choose({ currentTarget: { dataset } }: Tap) {
    if (dataset.tab === undefined || dataset.tab === this.data.tab) return;
    // Finding the position comes before the list is loaded.
    overtake(this);
    this.setData({ tab: dataset.tab, ...LOADING });
    void this.begin();
  },
  async refresh() {
    if (this.data.locating) return;
    this.setData({ locating: true });
    const found = (await isRefused()) ? 'refused' : await locate();
    this.setData({ locating: false });
    if (typeof found === 'string') this.setData({ why: found });
    else this.setData({ why: '', place: found });
    await this.load();
  },
  async pick() {
    const place = await pickPoint(this.data.place ?? undefined);
    if (place !== undefined) await this.takePlace(place);
  },
  placed({ detail }: WechatMiniprogram.CustomEvent<{ place: PickedPlace | null }>) {
    if (detail.place !== null) void this.takePlace(detail.place);
  },
  takePlace(place: PickedPlace) {
    this.setData({ place, why: '' });
    return this.load();
  },
  showFacts() {
    const { place } = this.data;
    if (place === null) return;
    const t = texts().nearby;
    const named = place.name || place.address;
    const facts =
      place.source === 'picked' && named
        ? filled(t.picked_at, { place: named })
        : factsOf(place, clock.now()).join(' · ');
    this.setData({ facts });
  },
  showFilters() {
    this.setData({ filters: filterChoices(this.data.chosen) });
  },
  narrow({ currentTarget: { dataset }, detail }: Change) {
    this.setData({ chosen: { ...this.data.chosen, [dataset.name]: Number(detail.value) } });
    this.showFilters();
    void this.load();
  },
  load() {
    this.showFacts();
    return fill(this, () => (this.data.tab === 'mine' ? this.loadOwn() : this.loadWaiting()));
  },
  async loadWaiting(): Promise<'ready' | 'empty'> {
    const { place, chosen } = this.data;
    begun += 1;
    const turn = begun;
    if (place === null) return 'ready';
    const { items, next_cursor, origin } = await fetchNearby(place, filterOf(chosen, clock.now()));
    await learnFaults(items);
    if (turn !== begun) return 'ready';
    this.setData({ origin, cursor: next_cursor ?? '' });
    this.showItems(items);
    return 'ready';
  },
  async more() {
    const { origin, chosen, cursor, loading_more } = this.data;
    if (loading_more || origin === null) return;
    this.setData({ loading_more: true });
    try {
      const page = await fetchNearby(origin, filterOf(chosen, clock.now()), cursor);
      // Somebody may have begun another list meanwhile.
      if (this.data.cursor === cursor) {
        this.setData({ cursor: page.next_cursor ?? '' });
        this.showItems([...this.data.items, ...page.items]);
      }
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ loading_more: false });
  },
  showItems(items: WaitingOrder[]) {
    const markers = items.flatMap(({ position, equipment, number }, id) =>
      position ? [{ id, ...position, width: 28, height: 36, title: `${equipment.model} ${number}` }] : [],
    );
    this.setData({ items, lines: items.map(orderLine), markers });
  },
  async loadOwn(): Promise<'ready' | 'empty'> {
    // What is known is shown at once, and stays without network.
    if (knownOwn() !== undefined) this.setData({ state: 'ready' });
    await learnFaults(await fetchOwn());
    await this.showOwn();
    return this.data.own.length === 0 ? 'empty' : 'ready';
  },
  /** Own orders as the phone knows them, with what is not sent yet. */
  async showOwn() {
    const known = knownOwn();
    const own: OwnLine[] = [];
    for (const order of known?.items ?? []) {
      const { state, ahead } = await project(order, fieldActs(order.id));
      own.push({ ...orderLine({ ...order, state }), ahead });
    }
    const seen =
      known === undefined ? '' : filled(texts().nearby.seen, { time: moment(known.seen_at, serviceOffsets()) });
    this.setData({ own, own_seen: seen });
  },
  toggleMap() {
    this.setData({ with_map: !this.data.with_map });
  },
  openMarker({ detail }: WechatMiniprogram.CustomEvent<{ markerId: number }>) {
    const order = this.data.items[detail.markerId];
    if (order !== undefined) this.openOrder(order.id);
  },
  open({ currentTarget: { dataset } }: Tap) {
    this.openOrder(dataset.id ?? '');
  },
  openOrder(id: string) {
    void wx.navigateTo({ url: `/pages/field/order/index?id=${id}` });
  },
  async take({ currentTarget: { dataset } }: Tap) {
    const order = this.data.items.find(({ id }) => id === dataset.id);
    if (order === undefined || this.data.taking !== '') return;
    const t = texts();
    const { confirm } = await wx.showModal({
      title: t.nearby.take,
      content: filled(t.nearby.take_confirm, { number: order.number }),
      confirmText: t.nearby.take,
      cancelText: t.sheet.cancel,
    });
    if (!confirm) return;
    this.setData({ taking: order.id });
    const made = await perform({ kind: 'move', order: aboutOrder(order), move: 'take', fields: {} }, { on: order });
    const told = await tell(made, t.nearby.taken);
    this.setData({ taking: '' });
    this.showItems(this.data.items.filter(({ id }) => id !== order.id));
    if (told.kind === 'done') this.openOrder((told.answer.work_order as WorkOrder).id);
  },
});
