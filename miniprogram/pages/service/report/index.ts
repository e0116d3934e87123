import * as clock from '../../../services/clock';
import { faultName, fetchUnit, seenUnit } from '../../../services/equipment';
import { asFailure, explain } from '../../../services/failure';
import { dropMedia, MOST_PHOTOS, MOST_VIDEOS, pickMedia } from '../../../services/media';
import type { MediaTile } from '../../../services/media-types';
import { isOnline } from '../../../services/network';
import { confirmNumber, whyNoPhone, type PhoneAnswer } from '../../../services/phone-number';
import { partOf, preferredOf, type DayPart } from '../../../services/preferred';
import { checkReport, type Complaints } from '../../../services/report-check';
import {
  draft as draftById,
  draftOf,
  isWritten,
  keepDraft,
  newDraft,
  onDrafts,
  renameDraft,
  type ReportDraft,
} from '../../../services/report-drafts';
import { bodyOf, missingLogin, outcomeOf, sendDraft, sendingOf, type Sent } from '../../../services/reports';
import { current, logIn } from '../../../services/session';
import { day, type UtcOffset } from '../../../services/time';
import { onUploads, tilesFor } from '../../../services/uploads';
import type { Follow, OpenOrder, PickedPlace } from '../../../services/work-order-types';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { logInFor } from '../log-in';

type Input = WechatMiniprogram.CustomEvent<{ value: string }>;
type Tap<D extends WechatMiniprogram.IAnyObject> = WechatMiniprogram.TouchEvent<object, object, D>;

interface Query {
  code?: string;
  draft?: string;
  /** The number of an open order to which this is added, and its id where the person may see it. */
  adds_to?: string;
  order?: string;
}

/** `kept`: written down, and sent by itself once there is a network. */
type Step = 'form' | 'sending' | 'kept' | 'open' | 'sent';

const ended = new WeakMap<object, () => void>();

/** Reports a fault of a unit, or adds to an order that is open. What is written stays on the phone until it is sent. */
definePage({
  title: 'report',
  texts: ['report'],
  data: {
    ...LOADING,
    /** With what the page was opened. */
    query: {} as Query,
    step: 'form' as Step,
    draft: null as ReportDraft | null,
    /** Names the order to which this is added; empty for a report of its own. */
    adding: '',
    faults: [] as { code: string; name: string }[],
    tiles: [] as MediaTile[],
    room: 0,
    add_text: '',
    date: '',
    part: 'any' as DayPart,
    parts: [] as { part: DayPart; name: string }[],
    today: '',
    /** Nobody is logged in where the unit belongs, so the order can be followed by phone number and link only. */
    stranger: false,
    online: true,
    kept: false,
    /** Asks for the login without which what is kept cannot go. */
    log_in: '',
    problem: '',
    complaints: {} as Complaints,
    confirming: false,
    /** The order that is open already. */
    open: null as (OpenOrder & { model: string; unit: string; utc_offsets?: UtcOffset[] }) | null,
    sent: null as { number: string; id: string; follow: Follow | null; added: boolean } | null,
  },
  onLoad(query: Query) {
    const t = texts().report;
    this.setData({
      query,
      parts: [
        { part: 'any', name: t.any_time },
        { part: 'morning', name: t.morning },
        { part: 'afternoon', name: t.afternoon },
        { part: 'evening', name: t.evening },
      ],
    });
    ended.get(this)?.();
    const ends = [onUploads(() => this.showMedia()), onDrafts(() => this.catchUp())];
    ended.set(this, () => ends.forEach((end) => end()));
    void this.begin();
  },
  onShow() {
    const draft = this.data.draft;
    this.setData({ online: isOnline() });
    if (draft === null) return;
    this.setData({ stranger: current()?.organization.id !== draft.organization_id });
    // Back from the login.
    if (this.data.log_in !== '' && missingLogin(draft) === '') void this.send();
    else this.catchUp();
  },
  onUnload() {
    ended.get(this)?.();
  },
  onNetwork(online: boolean) {
    this.setData({ online });
    if (online && this.data.draft === null) void this.begin();
    else if (online && this.data.step === 'kept') void this.send();
  },
  begin() {
    const { code, draft: draft_id, adds_to, order } = this.data.query;
    return fill(this, async () => {
      const to = adds_to === undefined ? undefined : { number: adds_to, ...(order !== undefined && { id: order }) };
      const known = draft_id === undefined ? draftOf(code ?? '', adds_to) : draftById(draft_id);
      if (draft_id !== undefined && known === undefined) return this.showGone(draft_id);
      const begun = known ?? (await newDraft(seenUnit(code ?? '') ?? (await fetchUnit(code ?? '')), to));
      this.show(begun);
      // A draft that waits was finished; it is shown as it is, and may still be changed.
      if (begun.waiting) this.setData({ step: 'kept', log_in: missingLogin(begun) });
      this.setData({ problem: begun.problem ?? '', kept: known !== undefined });
      this.catchUp();
      void this.learn(begun);
      return 'ready';
    });
  },
  /** It was sent by itself just before it was opened, or thrown away. */
  showGone(draft_id: string): 'ready' | 'empty' {
    const sent = outcomeOf(draft_id);
    if (sent?.kind !== 'sent' && sent?.kind !== 'added') return 'empty';
    this.showSent(sent);
    return 'ready';
  },
  showSent(sent: Extract<Sent, { kind: 'sent' | 'added' }>) {
    const follow = sent.kind === 'sent' ? (sent.follow ?? null) : null;
    const { number, id = '' } = sent;
    this.setData({ step: 'sent', sent: { number, id, follow, added: sent.kind === 'added' } });
  },
  /** The organization may have changed what it calls its faults since the draft was begun. */
  async learn({ unit }: ReportDraft) {
    const fresh = await fetchUnit(unit.code).catch(() => undefined);
    const draft = this.data.draft;
    if (fresh === undefined || draft === null) return;
    this.show({ ...draft, fault_types: fresh.fault_types });
  },
  show(draft: ReportDraft) {
    const { preferred, utc_offsets = [] } = draft;
    const adding = draft.adds_to === undefined ? '' : filled(texts().report.adding, { number: draft.adds_to.number });
    this.setData({
      draft,
      adding,
      faults: draft.fault_types.map((type) => ({ code: type.code, name: faultName(type) })),
      today: day(clock.now(), utc_offsets),
      stranger: current()?.organization.id !== draft.organization_id,
      ...(preferred ? partOf(preferred, utc_offsets) : { date: '' }),
    });
    this.showMedia();
  },
  showMedia() {
    const t = texts().report;
    const tiles = tilesFor(this.data.draft?.media ?? []);
    const photos = MOST_PHOTOS - tiles.filter(({ kind }) => kind === 'photo').length;
    const videos = MOST_VIDEOS - tiles.filter(({ kind }) => kind === 'video').length;
    const add_text = photos <= 0 ? t.add_video : videos <= 0 ? t.add_photos : t.add_media;
    this.setData({ tiles, room: photos + videos, add_text });
  },
  /** Keeps what was changed, so that nothing is lost whatever happens next. */
  write(change: Partial<ReportDraft>) {
    const before = this.data.draft;
    if (before === null) return;
    const { problem: _, ...clean } = before;
    const draft = { ...clean, ...change, waiting: false, written_at: clock.now() };
    this.setData({ draft, problem: '', complaints: {} });
    if (!isWritten(draft) && !this.data.kept) return;
    const kept = keepDraft(draft);
    this.setData({ kept, ...(!kept && { problem: texts().report.no_room }) });
  },
  chooseFault({ currentTarget: { dataset } }: Tap<{ code: string }>) {
    this.write({ fault_type: dataset.code });
  },
  writeText({ detail }: Input) {
    this.write({ text: detail.value });
  },
  writeName({ detail }: Input) {
    this.write({ name: detail.value });
  },
  writePhone({ detail }: Input) {
    this.write({ phone: detail.value });
  },
  writeAddress({ detail }: Input) {
    const place = this.data.draft?.place;
    if (place !== undefined) this.write({ place: { ...place, address: detail.value } });
  },
  chooseDate({ detail }: Input) {
    this.prefer(detail.value, this.data.part);
  },
  choosePart({ currentTarget: { dataset } }: Tap<{ part: DayPart }>) {
    this.prefer(this.data.date, dataset.part);
  },
  prefer(date: string, part: DayPart) {
    this.setData({ date, part });
    this.write({ preferred: preferredOf(date, part, this.data.draft?.utc_offsets ?? []) });
  },
  anyDate() {
    this.setData({ date: '', part: 'any' });
    this.write({ preferred: undefined });
  },
  place({ detail }: WechatMiniprogram.CustomEvent<{ place: PickedPlace | null }>) {
    this.write({ place: detail.place ?? undefined });
  },
  async addMedia() {
    const t = texts().report;
    const of = (kind: string): number => this.data.tiles.filter((tile) => tile.kind === kind).length;
    const { media, problem } = await pickMedia({
      photos: MOST_PHOTOS - of('photo'),
      videos: MOST_VIDEOS - of('video'),
    });
    if (media.length > 0) {
      this.write({ media: [...(this.data.draft?.media ?? []), ...media.map(({ key }) => key)] });
      this.showMedia();
    }
    const said = { too_long: t.too_long, too_large: t.too_large, no_room: t.no_room, refused: t.media_refused };
    if (problem !== undefined) this.setData({ complaints: { ...this.data.complaints, media: said[problem] } });
  },
  removeMedia({ detail }: WechatMiniprogram.CustomEvent<{ key: string }>) {
    this.write({ media: (this.data.draft?.media ?? []).filter((key) => key !== detail.key) });
    dropMedia([detail.key]);
    this.showMedia();
  },
  async confirmPhone({ detail }: WechatMiniprogram.CustomEvent<PhoneAnswer>) {
    const t = texts().report;
    const why = whyNoPhone(detail);
    if (why !== undefined) {
      this.setData({
        complaints: { ...this.data.complaints, phone: why === 'no_quota' ? t.phone_no_quota : t.phone_refused },
      });
      return;
    }
    this.setData({ confirming: true });
    try {
      if (current() === undefined) await logIn();
      this.write({ phone: await confirmNumber(detail) });
      this.onShow();
    } catch (error) {
      const { code } = asFailure(error);
      const said = code === 'guests_not_allowed' ? t.phone_refused : explain(error);
      this.setData({ complaints: { ...this.data.complaints, phone: said } });
    }
    this.setData({ confirming: false });
  },
  async submit() {
    const { draft, stranger } = this.data;
    if (draft === null || this.data.step === 'sending') return;
    // An addition is words alone; a report is checked by the rules.
    const complaints =
      draft.adds_to === undefined
        ? await checkReport(bodyOf(draft, []), stranger)
        : draft.text.trim() === ''
          ? { text: texts().reportParts.text }
          : {};
    if (complaints !== undefined && Object.keys(complaints).length > 0) {
      this.complain(complaints);
      return;
    }
    if (!keepDraft({ ...draft, waiting: false, written_at: clock.now() })) {
      this.setData({ problem: texts().report.no_room });
      return;
    }
    await this.send();
  },
  complain(complaints: Complaints) {
    this.setData({ step: 'form', complaints, problem: Object.values(complaints)[0] ?? '' });
    const part = Object.keys(complaints)[0];
    if (part !== undefined)
      void wx.pageScrollTo({ selector: `#part-${part}`, offsetTop: -16, duration: 200 }).catch(() => undefined);
  },
  async send() {
    const draft = this.data.draft;
    if (draft === null || this.data.step === 'sending') return;
    this.setData({ step: 'sending', problem: '', log_in: '' });
    this.tell(await sendDraft(draft.draft_id));
  },
  /** What waits is sent without this page, too. */
  catchUp() {
    const { draft, step } = this.data;
    if (draft === null || step !== 'kept') return;
    const sending = sendingOf(draft.draft_id);
    const sent = outcomeOf(draft.draft_id);
    if (sent !== undefined) this.tell(sent);
    else if (sending !== undefined) {
      void sending.then((came) => {
        if (this.data.step === 'kept') this.tell(came);
      });
    }
  },
  tell(sent: Sent) {
    const { draft, step } = this.data;
    if (draft === null) return;
    const kept = draftById(draft.draft_id) ?? draft;
    switch (sent.kind) {
      case 'sent':
      case 'added':
        this.showSent(sent);
        break;
      case 'gone':
        this.setData({ state: 'empty' });
        break;
      case 'waiting':
        this.setData({ step: 'kept', draft: kept, problem: sent.problem, log_in: missingLogin(kept) });
        // It was tried again while the person reads that it waits.
        if (step === 'kept') return;
        break;
      case 'open':
        this.setData({
          step: 'open',
          open: {
            ...sent.order,
            model: draft.unit.model,
            unit: draft.unit.code,
            utc_offsets: draft.utc_offsets,
          },
        });
        break;
      case 'refused':
        // An order that takes no more is not added to any more.
        this.show(kept);
        if (Object.keys(sent.complaints).length > 0) this.complain(sent.complaints);
        else this.setData({ step: 'form', problem: sent.problem });
        break;
    }
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 }).catch(() => undefined);
  },
  /** What was written goes to the order that is open already. */
  async addInstead() {
    const { open } = this.data;
    if (open === null) return;
    this.write({ adds_to: { number: open.number, ...(open.id && { id: open.id }) } });
    this.showWritten();
    await this.send();
  },
  /** The order takes no more, so what was written becomes a report. */
  async reportAnew() {
    const { draft } = this.data;
    if (draft?.adds_to?.arrived === true) this.setData({ draft: await renameDraft(draft) });
    this.write({ adds_to: undefined });
    this.showWritten();
  },
  showWritten() {
    const { draft } = this.data;
    if (draft !== null) this.show(draft);
  },
  async separate() {
    this.write({ separate: true });
    await this.send();
  },
  edit() {
    const { draft } = this.data;
    if (draft === null) return;
    // What is being sent may have arrived; what is no longer kept was sent, or thrown away.
    if (sendingOf(draft.draft_id) !== undefined || outcomeOf(draft.draft_id) !== undefined) void this.send();
    else if (draftById(draft.draft_id) === undefined) this.leave();
    else {
      this.write({});
      this.setData({ step: 'form', log_in: '' });
    }
  },
  logIn() {
    const { draft } = this.data;
    if (draft !== null) logInFor(draft);
  },
  copyLink() {
    const url = this.data.sent?.follow?.url;
    if (url !== undefined) void wx.setClipboardData({ data: url });
  },
  see() {
    const { sent } = this.data;
    if (sent?.id) void wx.redirectTo({ url: `/pages/service/order/index?id=${sent.id}` });
    else if (sent?.follow) void wx.redirectTo({ url: `/pages/service/follow/index?code=${sent.follow.code}` });
  },
  leave() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: '/pages/tabs/home/index' });
  },
});
