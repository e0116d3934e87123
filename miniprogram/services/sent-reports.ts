/** What was reported without login: the phone keeps the way back to it. */
import { Failure } from './failure';
import { current } from './session';
import { read, write } from './storage';
import type { UtcOffset } from './time';
import { claimFollowed } from './work-orders';
import type { Follow, State } from './work-order-types';

export interface SentReport {
  number: string;
  organization_id: string;
  organization: string;
  /** Of the clocks there; absent in what older versions have kept. */
  utc_offsets?: UtcOffset[];
  model: string;
  /** UTC epoch milliseconds. */
  sent_at: number;
  /** As it was seen last. */
  state: State;
  follow: Follow;
  /** It is the person's own as far as is known; false once it has turned out to be somebody else's. */
  own: boolean;
}

const KEPT = 50;

/** Newest first. */
export function sentReports(): SentReport[] {
  return read('sent_reports') ?? [];
}

export function keepSent(sent: SentReport): void {
  const others = sentReports().filter(({ follow }) => follow.code !== sent.follow.code);
  try {
    write('sent_reports', [sent, ...others].slice(0, KEPT));
  } catch (error) {
    console.warn('the phone cannot keep a report', error);
  }
}

/** Notes the state that was seen last. */
export function noteState(code: string, state: State): void {
  const known = sentReports();
  if (known.every(({ follow, state: before }) => follow.code !== code || before === state)) return;
  write(
    'sent_reports',
    known.map((one) => (one.follow.code === code ? { ...one, state } : one)),
  );
}

export function forgetSent(code: string): void {
  write(
    'sent_reports',
    sentReports().filter(({ follow }) => follow.code !== code),
  );
}

/** Once the person is logged in, what they had reported without becomes theirs. Answers how many. */
export async function claimOwn(): Promise<number> {
  const here = current()?.organization.id;
  let claimed = 0;
  for (const sent of sentReports()) {
    const { organization_id, own, follow } = sent;
    if (!own || organization_id !== here) continue;
    try {
      await claimFollowed(follow.code);
      forgetSent(follow.code);
      claimed += 1;
    } catch (error) {
      if (!(error instanceof Failure) || error.offline) throw error;
      // It is somebody else's, and can be followed all the same.
      if (error.status === 404 || error.status === 409) keepSent({ ...sent, own: false });
    }
  }
  return claimed;
}
