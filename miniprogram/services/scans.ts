/**
 * Scans at a post. Each is written down on the phone before it is sent, and struck out when it is answered; so a lost
 * network, a closed mini program or an empty battery loses none, and the nonce makes a second sending harmless.
 */
import { ruleAtOnce } from '../core/index';
import * as clock from './clock';
import { deviceId } from './device';
import { asFailure, type Failure } from './failure';
import type { Schemas } from './http';
import type { Direction, Post } from './posts';
import { randomHex } from './random';
import { call } from './session';
import { read, write } from './storage';

export type Verdict = Schemas['CheckInAnswer'];

/** One scan as it is sent; it stays the same however often it is sent. */
export interface Scan {
  nonce: string;
  list_id: string;
  code: string;
  direction: Direction;
  gate?: string;
  /** UTC epoch milliseconds. */
  scanned_at: number;
  force_reason?: string;
  ignore_unpaid?: boolean;
}

/** A scan that had to wait, and what came of it: a verdict, or the code of a problem. */
export interface AnsweredScan {
  scan: Scan;
  verdict?: Verdict;
  problem?: string;
}

/** What the page shows: a verdict, or that there is none yet, or that the phone itself refuses the code. */
export type Outcome =
  | { kind: 'verdict'; scan: Scan; verdict: Verdict }
  | { kind: 'kept'; scan: Scan; genuine: boolean }
  | { kind: 'foreign'; code: string };

/** Beyond a supervisor's force, and unpaid guests, a scan has no choices. */
export type Choice = Pick<Scan, 'force_reason' | 'ignore_unpaid'>;

/** A queue of people does not wait longer than this for an answer. */
const TIMEOUT = 4_000;
const ANSWERED_KEPT = 50;

export function waitingScans(): Scan[] {
  return read('waiting_scans') ?? [];
}

export function answeredScans(): AnsweredScan[] {
  return read('answered_scans') ?? [];
}

/** Scans a code at a post. Throws a `Failure` when the server refuses to judge (not when it refuses the guest). */
export async function scan(post: Post, code: string, choice: Choice = {}): Promise<Outcome> {
  const made = await writtenDown(post, code, choice);
  try {
    const verdict = await send(made);
    strike(made);
    return { kind: 'verdict', scan: made, verdict };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure.passing) {
      strike(made);
      throw failure;
    }
    return withoutAnswer(post, made);
  }
}

/** A code that waits already is tried again rather than written down twice. */
async function writtenDown(post: Post, code: string, choice: Choice): Promise<Scan> {
  const waiting = waitingScans();
  const same = waiting.find(
    (known) =>
      known.code === code &&
      known.list_id === post.list.id &&
      known.direction === post.direction &&
      known.gate === post.gate &&
      known.force_reason === choice.force_reason &&
      known.ignore_unpaid === choice.ignore_unpaid,
  );
  if (same !== undefined) return same;
  const made: Scan = {
    nonce: await randomHex(16),
    list_id: post.list.id,
    code,
    direction: post.direction,
    ...(post.gate !== undefined && { gate: post.gate }),
    scanned_at: clock.now(),
    ...choice,
  };
  // Read again: another scan may have been written down while the phone made the nonce.
  keep([...waitingScans(), made]);
  return made;
}

/** A phone without space can still scan with a network. */
function keep(scans: Scan[]): void {
  try {
    write('waiting_scans', scans);
  } catch (error) {
    console.error('the phone cannot keep scans', error);
  }
}

async function withoutAnswer(post: Post, made: Scan): Promise<Outcome> {
  const seen = await ruleAtOnce<{ kind: string; signed?: boolean }>('read_code', { code: made.code, keys: post.keys });
  // Where the rules cannot run, nothing is known about the code, and it waits.
  const foreign = seen !== undefined && (seen.kind === 'unknown' || seen.signed === false);
  if (foreign) {
    strike(made);
    return { kind: 'foreign', code: made.code };
  }
  return { kind: 'kept', scan: made, genuine: seen?.signed === true };
}

async function send(made: Scan): Promise<Verdict> {
  return call('post', '/api/v1/check-in-lists/{id}/check-ins', {
    path: { id: made.list_id },
    body: {
      code: made.code,
      nonce: made.nonce,
      type: made.direction,
      device_id: await deviceId(),
      gate: made.gate,
      scanned_at: new Date(made.scanned_at).toISOString(),
      force: made.force_reason !== undefined,
      force_reason: made.force_reason,
      ignore_unpaid: made.ignore_unpaid === true,
    },
    timeout: TIMEOUT,
  });
}

function strike(made: Scan): void {
  write(
    'waiting_scans',
    waitingScans().filter((known) => known.nonce !== made.nonce),
  );
}

let retrying: Promise<number> | undefined;

/** Sends what waits, in the order of the scans, until the network fails again. Answers how many were answered. */
export function retryWaiting(): Promise<number> {
  retrying ??= retryAll().finally(() => {
    retrying = undefined;
  });
  return retrying;
}

async function retryAll(): Promise<number> {
  let answered = 0;
  for (const made of waitingScans()) {
    try {
      settle({ scan: made, verdict: await send(made) });
    } catch (error) {
      const failure: Failure = asFailure(error);
      // Logged out, or without the right: another person, or the same one a little later, can still send it.
      if (!failure.final) return answered;
      settle({ scan: made, problem: failure.code });
    }
    answered += 1;
  }
  return answered;
}

function settle(answered: AnsweredScan): void {
  write('answered_scans', [answered, ...answeredScans()].slice(0, ANSWERED_KEPT));
  strike(answered.scan);
}

/** Takes back an entry or exit that was made by mistake. */
export async function annul(nonce: string, reason: string): Promise<void> {
  await call('post', '/api/v1/check-ins/{nonce}/annul', {
    path: { nonce },
    body: { reason, device_id: await deviceId() },
  });
}
