/** Scans as lists show them. */
import { texts } from '../texts/index';
import type { CheckInRecord } from './check-ins';
import { problemText } from './failure';
import type { Post } from './posts';
import type { AnsweredScan, Scan } from './scans';
import { moment } from './time';
import { judgedTone, reasonText, SIGNS, type Tone } from './verdicts';

export interface ScanLine {
  nonce: string;
  tone: Exclude<Tone, 'unpaid'>;
  icon: string;
  /** The guest, or the code when it is no ticket. */
  who: string;
  /** Direction, time, gate and phone. */
  facts: string;
  reason: string;
  annulled: boolean;
  /** It let somebody through, and may be undone by whoever has the right. */
  ok: boolean;
  device_id: string;
  received_at: number;
}

const SHORT = 12;

/** A scan as the server kept it. */
export function recordLine(record: CheckInRecord, post: Post, device_id: string | undefined): ScanLine {
  const t = texts().history;
  const ok = record.status === 'ok';
  const tone = judgedTone(record);
  const own = device_id !== undefined && record.device_id === device_id;
  return {
    nonce: record.nonce,
    tone,
    icon: SIGNS[tone],
    who: [record.attendee_name ?? t.unknown_ticket, record.product_name].filter(Boolean).join(' · '),
    facts: [
      record.type === 'exit' ? t.exit : t.entry,
      moment(record.scanned_at, post.event.utc_offsets),
      record.gate,
      own ? t.this_phone : '',
    ]
      .filter(Boolean)
      .join(' · '),
    reason: [
      record.forced ? t.forced : '',
      record.force_reason,
      record.reason ? reasonText(record.reason) : '',
      record.conflict ? t.conflict : '',
      record.annul_reason,
    ]
      .filter(Boolean)
      .join(' · '),
    annulled: Boolean(record.annulled_at),
    ok,
    device_id: record.device_id ?? '',
    received_at: Date.parse(record.received_at),
  };
}

/** A scan that waits. */
export function waitingLine(scan: Scan, post: Post | undefined): ScanLine {
  return line(scan, post);
}

/** A scan that had waited, with its answer. */
export function answeredLine({ scan, verdict, problem }: AnsweredScan, post: Post | undefined): ScanLine {
  const made = line(scan, post);
  if (verdict === undefined) {
    return { ...made, tone: 'refused', icon: SIGNS.refused, reason: problemText(problem ?? 'internal') };
  }
  const tone = judgedTone(verdict);
  return {
    ...made,
    tone,
    icon: SIGNS[tone],
    who: verdict.ticket?.attendee_name ?? made.who,
    reason: verdict.reason ? reasonText(verdict.reason) : '',
    ok: verdict.status === 'ok',
  };
}

function line(scan: Scan, post: Post | undefined): ScanLine {
  const t = texts().history;
  const when = moment(scan.scanned_at, post?.event.utc_offsets);
  return {
    nonce: scan.nonce,
    tone: 'kept',
    icon: SIGNS.kept,
    who: scan.code.length > SHORT ? `${scan.code.slice(0, SHORT)}…` : scan.code,
    facts: [scan.direction === 'exit' ? t.exit : t.entry, when, scan.gate].filter(Boolean).join(' · '),
    reason: '',
    annulled: false,
    ok: false,
    device_id: '',
    received_at: scan.scanned_at,
  };
}
