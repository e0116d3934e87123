import { fetchHistory } from '../../../services/check-ins';
import * as clock from '../../../services/clock';
import { deviceId } from '../../../services/device';
import { explain } from '../../../services/failure';
import { currentPost } from '../../../services/posts';
import { answeredLine, recordLine, waitingLine, type ScanLine } from '../../../services/scan-lines';
import { annul, answeredScans, retryWaiting, waitingHere } from '../../../services/scans';
import { may } from '../../../services/session';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

/** How long a phone may undo its own scans; the server keeps to the same. */
const UNDO_WINDOW = 15 * 60 * 1000;

type Row = ScanLine & { action: string };
type Act = WechatMiniprogram.CustomEvent<object, object, { nonce: string }>;

/** What is being undone. */
const annulling = new Set<string>();

definePage({
  title: 'history',
  texts: ['history'],
  data: {
    ...LOADING,
    place: '',
    waiting: [] as ScanLine[],
    answered: [] as ScanLine[],
    rows: [] as Row[],
    cursor: '',
    loading_more: false,
    sending: false,
    undoing: '',
    sheet_title: '',
    sheet_reasons: [] as string[],
    /** The reason is on its way. */
    annulling: false,
    /** Why the reason was not taken. */
    problem: '',
  },
  onShow() {
    this.showKept();
    void (this.data.waiting.length > 0 ? this.send() : this.load());
  },
  onNetwork(online: boolean) {
    if (online) void this.send();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  onReachBottom() {
    if (this.data.cursor !== '' && !this.data.loading_more) void this.more();
  },
  /** What is kept on the phone, also without network. */
  showKept() {
    const post = currentPost();
    this.setData({
      place: post?.list.name ?? '',
      waiting: waitingHere().map((scan) => waitingLine(scan, post)),
      answered: answeredScans().map((answered) => answeredLine(answered, post)),
    });
  },
  load() {
    return fill(this, async () => {
      const { rows, cursor } = await this.page();
      this.setData({ rows, cursor });
      return rows.length === 0 && this.data.waiting.length === 0 ? 'empty' : 'ready';
    });
  },
  async more() {
    this.setData({ loading_more: true });
    try {
      const { rows, cursor } = await this.page(this.data.cursor);
      this.setData({ rows: [...this.data.rows, ...rows], cursor });
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ loading_more: false });
  },
  async page(from?: string): Promise<{ rows: Row[]; cursor: string }> {
    const post = currentPost();
    if (post === undefined) return { rows: [], cursor: '' };
    const own = await deviceId();
    const { items, next_cursor } = await fetchHistory(post.list.id, from === undefined ? {} : { cursor: from });
    const rows = items.map((record) => {
      const line = recordLine(record, post, own);
      return { ...line, action: action(line, own) };
    });
    return { rows, cursor: next_cursor ?? '' };
  },
  async send() {
    this.setData({ sending: true });
    await retryWaiting();
    this.setData({ sending: false });
    this.showKept();
    await this.load();
  },
  askUndo({ currentTarget: { dataset } }: Act) {
    const t = texts();
    this.setData({
      undoing: dataset.nonce,
      annulling: annulling.has(dataset.nonce),
      problem: '',
      sheet_title: may('supervisor') ? t.sheet.annul_title : t.sheet.undo_title,
      sheet_reasons: Object.values(t.undoReasons),
    });
  },
  closeSheet() {
    this.setData({ undoing: '' });
  },
  async undo({ detail: { reason } }: WechatMiniprogram.CustomEvent<{ reason: string }>) {
    const { undoing } = this.data;
    this.setData({ annulling: true, problem: '' });
    annulling.add(undoing);
    let problem = '';
    try {
      await annul(undoing, reason);
    } catch (error) {
      problem = explain(error);
    }
    annulling.delete(undoing);
    // Meanwhile the sheet may be about another scan.
    const asked = this.data.undoing === undoing;
    if (asked) this.setData({ annulling: false, problem });
    if (problem !== '') {
      if (!asked) void wx.showToast({ title: problem, icon: 'none' });
      return;
    }
    if (asked) this.closeSheet();
    void wx.showToast({ title: texts().verdict.undone, icon: 'success' });
    await this.load();
  },
});

function action(line: ScanLine, own: string): string {
  if (!line.ok || line.annulled) return '';
  if (may('supervisor')) return texts().history.annul;
  const recent = clock.now() - line.received_at < UNDO_WINDOW;
  return line.device_id === own && recent ? texts().history.undo : '';
}
