import {
  dismissNews,
  dropAct,
  endOf,
  fieldActs,
  fieldActsElsewhere,
  fieldNews,
  onFieldActs,
  retryAct,
  sendFieldActs,
} from '../../../services/field-queue';
import type { FieldAct } from '../../../services/field-acts';
import { deedText, refusalText } from '../../../services/field-words';
import { problemText } from '../../../services/failure';
import { fetchFieldOrder } from '../../../services/own-orders';
import { serviceOffsets } from '../../../services/service-settings';
import { moment } from '../../../services/time';
import { stateText } from '../../../services/work-orders';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

interface ActLine {
  key: string;
  title: string;
  facts: string;
  /** Why it waits or was refused. */
  why: string;
  /** What can be done about a refusal; empty when only giving up is left. */
  retry: string;
}
type Tap = WechatMiniprogram.TouchEvent<object, object, { key: string }>;

let endActs: (() => void) | undefined;

definePage({
  title: 'waiting',
  texts: ['waiting'],
  data: {
    waiting: [] as ActLine[],
    refused: [] as ActLine[],
    news: [] as { key: string; title: string }[],
    elsewhere: '',
    sending: false,
  },
  onShow() {
    endActs?.();
    endActs = onFieldActs(() => this.list());
    this.list();
    void this.send();
  },
  onHide() {
    endActs?.();
  },
  onUnload() {
    endActs?.();
  },
  onNetwork(online: boolean) {
    if (online) void this.send();
  },
  list() {
    const t = texts().waiting;
    const acts = fieldActs();
    const elsewhere = fieldActsElsewhere();
    this.setData({
      waiting: acts.filter(({ refused }) => refused === undefined).map(actLine),
      refused: acts.filter(({ refused }) => refused !== undefined).map(actLine),
      news: fieldNews().map(({ key, order }) => ({ key, title: `${order.model} · ${order.number}` })),
      elsewhere: elsewhere === 0 ? '' : filled(t.elsewhere, { number: elsewhere }),
    });
  },
  async send() {
    this.setData({ sending: true });
    await sendFieldActs();
    this.setData({ sending: false });
    this.list();
  },
  /** A stale move is sent for the order as it is now, which the engineer is shown first. */
  async retry({ currentTarget: { dataset } }: Tap) {
    const act = fieldActs().find(({ key }) => key === dataset.key);
    if (act === undefined) return;
    const t = texts();
    if (act.kind === 'check_out') return void wx.navigateTo({ url: `/pages/field/visit/index?id=${act.order.id}` });
    if (act.kind === 'day_point' || act.version === undefined) return void retryAct(act.key);
    try {
      const order = await fetchFieldOrder(act.order.id);
      const { confirm } = await wx.showModal({
        title: deedText(act),
        content: filled(t.waiting.now, { state: stateText(order.state) }),
        confirmText: t.sheet.confirm,
        cancelText: t.sheet.cancel,
      });
      if (confirm) await retryAct(act.key, order.version);
    } catch {
      await retryAct(act.key);
    }
  },
  async drop({ currentTarget: { dataset } }: Tap) {
    const t = texts();
    const act = fieldActs().find(({ key }) => key === dataset.key);
    if (act === undefined) return;
    const with_end = act.kind === 'check_in' && endOf(act.key) !== undefined;
    const hint = with_end ? t.waiting.drop_both_hint : act.kind === 'check_in' ? t.waiting.drop_visit_hint : '';
    const { confirm } = await wx.showModal({
      title: t.waiting.drop_title,
      content: hint || t.waiting.drop_hint,
      confirmText: t.waiting.drop,
      cancelText: t.sheet.cancel,
    });
    if (confirm) dropAct(dataset.key);
  },
  dismiss({ currentTarget: { dataset } }: Tap) {
    dismissNews(dataset.key);
  },
});

function actLine(act: FieldAct): ActLine {
  const t = texts().waiting;
  const { key, made_at, files, refused, refused_files = [], problem } = act;
  const about = act.kind === 'day_point' ? '' : `${act.order.model} · ${act.order.number}`;
  const count = files.length === 0 ? '' : filled(t.files, { number: files.length });
  const again = refused_files.length > 0 ? t.retry_files : act.version === undefined ? t.retry : t.retry_current;
  // A visit ends once: what comes after that can only be given up.
  const over = refused?.code === 'already_checked_out';
  const retry = over ? '' : act.kind === 'check_out' ? t.correct : again;
  return {
    key,
    title: [deedText(act), about].filter(Boolean).join(' · '),
    facts: [moment(made_at, serviceOffsets()), count].filter(Boolean).join(' · '),
    why: refused !== undefined ? refusalText(refused) : problem === undefined ? t.sending : problemText(problem),
    retry: refused === undefined ? '' : retry,
  };
}
