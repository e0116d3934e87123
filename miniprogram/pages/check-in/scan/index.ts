import { fetchStats } from '../../../services/check-ins';
import { asFailure, explain } from '../../../services/failure';
import { prepareSounds, releaseSounds, signal } from '../../../services/feedback';
import { currentPost, refreshKeys, turn, type Direction, type Post } from '../../../services/posts';
import { annul, retryWaiting, scan, waitingHere, type Choice, type Outcome } from '../../../services/scans';
import { may } from '../../../services/session';
import { show, type Shown } from '../../../services/verdicts';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { Sightings } from './sightings';

type Seen = WechatMiniprogram.CustomEvent<{ result: string }>;
type Input = WechatMiniprogram.CustomEvent<{ value: string }>;

/** A guest who was let in walks on; whoever was refused stays until staff have dealt with it. */
const ADMITTED_SHOWN = 2_500;
const RETRY_EVERY = 15_000;
const NUMBERS_EVERY = 5_000;
const SHORT_CODE = /^[0-9A-Za-z]{12}$/;

const sightings = new Sightings();
let closing = 0;
let retrying = 0;
let counted = 0;
/** A code that was typed or scanned by WeChat while another was judged. */
let queued: string | undefined;
/** What is being undone. */
const annulling = new Set<string>();

definePage({
  title: 'scan',
  texts: ['scan', 'verdict'],
  data: {
    post: null as Post | null,
    place: '',
    numbers: '',
    inside: '',
    waiting: '',
    camera_refused: false,
    torch: false,
    checking: false,
    shown: null as Shown | null,
    /** The last verdict, after its screen was closed. */
    last: null as Shown | null,
    manual: false,
    typed: '',
    typed_problem: '',
    sheet: '' as '' | 'undo' | 'force',
    sheet_title: '',
    sheet_reasons: [] as string[],
    /** The verdict that the sheet is about. */
    about: null as Shown | null,
    /** Its reason is on its way. */
    sending: false,
    /** Why the reason was not taken. */
    problem: '',
  },
  onShow() {
    const post = currentPost();
    if (post === undefined) {
      void wx.showToast({ title: texts().scan.no_post, icon: 'none' });
      void wx.redirectTo({ url: '/pages/check-in/post/index' });
      return;
    }
    this.setData({ post, place: [post.list.name, post.gate].filter(Boolean).join(' · ') });
    prepareSounds();
    refreshKeys().catch(() => undefined);
    void wx.setKeepScreenOn({ keepScreenOn: true }).catch(() => undefined);
    this.showWaiting();
    void this.count();
    void this.retry();
    retrying = setInterval(() => void this.retry(), RETRY_EVERY);
  },
  onHide() {
    clearInterval(retrying);
    // Nobody comes back to the welcome of a guest who is long inside, unless they are just taking it back.
    if (this.data.shown?.tone === 'admitted' && this.data.sheet === '') this.next();
  },
  onUnload() {
    clearInterval(retrying);
    clearTimeout(closing);
    queued = undefined;
    releaseSounds();
    void wx.setKeepScreenOn({ keepScreenOn: false }).catch(() => undefined);
  },
  onNetwork(online: boolean) {
    if (online) void this.retry();
  },

  see({ detail }: Seen) {
    const isNew = sightings.isNew(detail.result, Date.now());
    // Meanwhile it stays new: the camera reports it again.
    if (this.data.checking || this.data.manual || this.data.sheet !== '') return;
    if (isNew) void this.judge(detail.result);
  },
  async judge(code: string, choice?: Choice) {
    const { post } = this.data;
    if (post === null) return;
    if (this.data.checking) {
      queued = code;
      return;
    }
    clearTimeout(closing);
    sightings.judge(code, Date.now());
    // The last guest's verdict must not be taken for this one's.
    this.setData({ checking: true, shown: null, last: null });
    // Whatever goes wrong here must not keep the next guest waiting.
    const failed = (error: unknown): Outcome => ({ kind: 'failed', code, problem: asFailure(error).code });
    const shown = show(await scan(post, code, choice).catch(failed), post, may('supervisor'));
    this.setData({ shown, checking: false });
    signal(shown.tone);
    if (shown.tone === 'admitted') closing = setTimeout(() => this.next(), ADMITTED_SHOWN);
    this.showWaiting();
    void this.count();
    const waited = queued;
    queued = undefined;
    if (waited !== undefined) await this.judge(waited);
  },

  next() {
    clearTimeout(closing);
    this.setData({ last: this.data.shown, shown: null });
  },
  again() {
    sightings.forget();
    if (this.data.shown !== null) this.next();
  },
  reopen() {
    this.setData({ shown: this.data.last, last: null });
  },
  takePayment() {
    const { shown } = this.data;
    if (shown !== null) void this.judge(shown.code, { ignore_unpaid: true });
  },
  askUndo() {
    clearTimeout(closing);
    const t = texts();
    this.openSheet('undo', t.sheet.undo_title, t.undoReasons);
  },
  askForce() {
    const t = texts();
    this.openSheet('force', t.sheet.force_title, t.forceReasons);
  },
  openSheet(sheet: 'undo' | 'force', sheet_title: string, reasons: Record<string, string>) {
    const { shown } = this.data;
    if (shown === null) return;
    const sending = sheet === 'undo' && annulling.has(shown.undo);
    this.setData({ sheet, sheet_title, sheet_reasons: Object.values(reasons), about: shown, sending, problem: '' });
  },
  closeSheet() {
    this.setData({ sheet: '', about: null });
  },
  async giveReason({ detail: { reason } }: WechatMiniprogram.CustomEvent<{ reason: string }>) {
    const { about, sheet } = this.data;
    if (about === null) return;
    if (sheet === 'undo') {
      await this.undo(about, reason);
    } else {
      // The next verdict says what has become of it, or that it waits.
      this.closeSheet();
      await this.judge(about.code, { force_reason: reason });
    }
  },
  async undo({ undo: nonce, guest }: Shown, reason: string) {
    this.setData({ sending: true, problem: '' });
    annulling.add(nonce);
    let problem = '';
    try {
      await annul(nonce, reason);
    } catch (error) {
      problem = explain(error);
    }
    annulling.delete(nonce);
    // Meanwhile another guest may stand here, with a verdict and a sheet of their own.
    const { shown, last, sheet, about } = this.data;
    const asked = sheet === 'undo' && about?.undo === nonce;
    const inView = asked || (sheet === '' && (shown === null || shown.undo === nonce));
    if (asked) this.setData({ sending: false, problem });
    if (problem === '') {
      if (asked) this.closeSheet();
      if (shown?.undo === nonce) this.setData({ shown: null });
      if (last?.undo === nonce) this.setData({ last: null });
      void this.count();
    }
    if (asked && problem !== '') return;
    const said = problem || texts().verdict.undone;
    const title = inView ? said : [guest, said].filter(Boolean).join(' · ');
    void wx.showToast({ title, icon: inView && problem === '' ? 'success' : 'none' });
  },

  openManual() {
    this.setData({ manual: true, typed: '', typed_problem: '' });
  },
  closeManual() {
    this.setData({ manual: false });
  },
  manualChanged({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
    if (!detail.visible) this.closeManual();
  },
  type({ detail }: Input) {
    this.setData({ typed: detail.value, typed_problem: '' });
  },
  submitTyped() {
    const code = this.data.typed.replace(/[\s-]/g, '').toUpperCase();
    if (!SHORT_CODE.test(code)) {
      this.setData({ typed_problem: texts().scan.too_short });
      return;
    }
    this.closeManual();
    void this.judge(code);
  },
  async systemScan() {
    const scanned = await wx.scanCode({ scanType: ['qrCode', 'barCode'] }).catch(() => undefined);
    if (scanned !== undefined) await this.judge(scanned.result);
  },

  refuseCamera() {
    this.setData({ camera_refused: true });
  },
  reopenCamera() {
    this.setData({ camera_refused: false });
  },
  async openSettings() {
    const settings = await wx.openSetting().catch(() => undefined);
    if (settings?.authSetting['scope.camera'] === true) this.reopenCamera();
  },
  turnTorch() {
    this.setData({ torch: !this.data.torch });
  },
  chooseDirection({
    currentTarget: { dataset },
  }: WechatMiniprogram.TouchEvent<object, object, { direction: Direction }>) {
    const post = turn(dataset.direction);
    if (post !== undefined) this.setData({ post, shown: null, last: null });
    sightings.forget();
  },

  showWaiting() {
    const number = waitingHere().length;
    this.setData({ waiting: number === 0 ? '' : filled(texts().scan.waiting, { number }) });
  },
  async retry() {
    if (waitingHere().length === 0) return;
    const number = await retryWaiting();
    this.showWaiting();
    if (number > 0) void wx.showToast({ title: filled(texts().scan.answered, { number }), icon: 'none' });
  },
  async count() {
    const { post } = this.data;
    if (post === null || Date.now() - counted < NUMBERS_EVERY) return;
    counted = Date.now();
    // Numbers are a comfort: without them everything else works.
    const stats = await fetchStats(post.list.id).catch(() => undefined);
    if (stats === undefined) return;
    const { entered, expected, inside } = stats;
    this.setData({
      numbers: filled(texts().scan.entered, { entered, expected }),
      inside: filled(texts().scan.inside, { inside }),
    });
  },
});
