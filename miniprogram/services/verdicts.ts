/** An outcome in the form the verdict screen shows: sign, word and sentences; what staff may do about it. */
import { filled, texts } from '../texts/index';
import { problemText } from './failure';
import type { Schemas } from './http';
import type { Post } from './posts';
import type { Outcome, Verdict } from './scans';
import { moment } from './time';

/** How it looks, sounds and feels. */
export type Tone = 'admitted' | 'again' | 'refused' | 'unpaid' | 'kept';

export interface Shown {
  tone: Tone;
  /** An icon, different for each tone. */
  icon: string;
  word: string;
  /** Why, in a few words. */
  reason: string;
  /** A sentence for the guest. */
  sentence: string;
  guest: string;
  /** Product, seat and order, each a line. */
  lines: string[];
  previous: string[];
  code: string;
  /** Names the scan that may be undone; empty when there is nothing to undo. */
  undo: string;
  may_force: boolean;
  may_ignore_unpaid: boolean;
}

/** The sign of each tone, in verdicts and in lists. */
export const SIGNS: Record<Tone, string> = {
  admitted: 'check',
  again: 'refresh',
  refused: 'close',
  unpaid: 'wallet',
  kept: 'cloud-upload',
};

const PREVIOUS_SHOWN = 3;

/** `supervisor`: whether the person may force. */
export function show(outcome: Outcome, post: Post, supervisor: boolean): Shown {
  const t = texts().verdict;
  switch (outcome.kind) {
    case 'verdict':
      return shownVerdict(outcome.verdict, outcome.scan.nonce, outcome.scan.code, post, supervisor);
    case 'kept':
      return shownKept(outcome, post);
    case 'failed':
      return { ...bare('refused', outcome.code), word: t.failed, sentence: problemText(outcome.problem) };
    case 'foreign':
      return { ...bare('refused', outcome.code), word: t.refused, reason: reasonText('invalid'), sentence: t.foreign };
  }
}

function bare(tone: Tone, code: string): Shown {
  return {
    tone,
    icon: SIGNS[tone],
    word: '',
    reason: '',
    sentence: '',
    guest: '',
    lines: [],
    previous: [],
    code,
    undo: '',
    may_force: false,
    may_ignore_unpaid: false,
  };
}

function shownVerdict(verdict: Verdict, nonce: string, code: string, post: Post, supervisor: boolean): Shown {
  const t = texts().verdict;
  const tone = toneOf(verdict, post);
  const ok = verdict.status === 'ok';
  const words: Record<Tone, string> = {
    admitted: post.direction === 'exit' ? t.left : t.admitted,
    again: t.again,
    refused: t.refused,
    unpaid: t.unpaid,
    kept: t.kept,
  };
  return {
    ...bare(tone, code),
    word: words[tone],
    reason: reasonLine(verdict, tone),
    sentence: verdict.explanation ?? '',
    guest: verdict.ticket?.attendee_name ?? '',
    lines: lines(verdict),
    previous: ok ? [] : previous(verdict.previous, post),
    undo: ok ? nonce : '',
    may_force: !ok && supervisor && verdict.reason !== 'invalid',
    may_ignore_unpaid: tone === 'unpaid',
  };
}

/** That a ticket was used is said by the word already. */
function reasonLine(verdict: Verdict, tone: Tone): string {
  if (!verdict.reason || tone === 'again' || tone === 'unpaid') return '';
  const reason = reasonText(verdict.reason);
  return verdict.forced ? `${texts().verdict.forced} · ${reason}` : reason;
}

/** The tone of a scan that was judged. */
export function judgedTone({ status, reason }: Pick<Verdict, 'status' | 'reason'>): 'admitted' | 'again' | 'refused' {
  if (status === 'ok') return 'admitted';
  return reason === 'already_redeemed' ? 'again' : 'refused';
}

function toneOf(verdict: Verdict, post: Post): Tone {
  return verdict.reason === 'unpaid' && verdict.status !== 'ok' && post.list.include_pending
    ? 'unpaid'
    : judgedTone(verdict);
}

function shownKept(kept: Extract<Outcome, { kind: 'kept' }>, post: Post): Shown {
  const t = texts().verdict;
  const { scan, problem, genuine, saved, repeated } = kept;
  const known: Record<string, string> = { offline: t.offline, timeout: t.slow };
  const reason = known[problem] ?? problemText(problem);
  if (repeated) {
    const time = moment(scan.scanned_at, post.event.utc_offsets);
    return { ...bare('again', scan.code), word: t.repeated, reason, sentence: filled(t.repeated_sentence, { time }) };
  }
  const sentence = !saved ? t.not_saved : genuine ? t.kept_genuine : t.kept_unknown;
  return { ...bare('kept', scan.code), word: t.kept, reason, sentence };
}

export function reasonText(reason: string): string {
  const known: Record<string, string> = texts().reasons;
  return known[reason] ?? reason;
}

function lines(verdict: Verdict): string[] {
  const ticket = verdict.ticket;
  if (!ticket) return [];
  const others = verdict.order?.filter((one) => one.ticket.id !== ticket.id && one.status === 'ok') ?? [];
  const together = others.map((one) => one.ticket.attendee_name).join(texts().verdict.and);
  return [
    [ticket.product_name, ticket.seat].filter(Boolean).join(' · '),
    `${texts().verdict.order} ${ticket.order_code}`,
    together === '' ? '' : `${texts().verdict.together} ${together}`,
  ].filter((line) => line !== '');
}

function previous(entries: readonly Schemas['Previous'][], post: Post): string[] {
  const t = texts().verdict;
  return entries.slice(-PREVIOUS_SHOWN).map((entry) => {
    const what = entry.type === 'exit' ? t.previous_exit : t.previous_entry;
    return [what, moment(entry.scanned_at, post.event.utc_offsets), entry.gate].filter(Boolean).join(' ');
  });
}
