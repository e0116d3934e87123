/**
 * Scans at a post. Each is written down on the phone before it is sent, and struck out when it is answered; so a lost
 * network, a closed mini program or an empty battery loses none, and the nonce makes a second sending harmless.
 */
import * as clock from './clock';
import { identityOf } from './codes';
import { deviceId } from './device';
import { asFailure } from './failure';
import type { Schemas } from './http';
import { isForeign } from './local-check';
import type { Direction, Post } from './posts';
import { randomHex } from './random';
import { call, current } from './session';
import { read, write } from './storage';

export type Verdict = Schemas['CheckInAnswer'];

/** One scan as it is sent; it stays the same however often it is sent. */
export interface Scan {
  nonce: string;
  organization_id: string;
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

/** What a scan leads to. */
export type Outcome =
  | { kind: 'verdict'; scan: Scan; verdict: Verdict }
  /** There is no verdict yet, and why. */
  | { kind: 'kept'; scan: Scan; problem: string; genuine: boolean; saved: boolean; repeated: boolean }
  /** The server cannot judge this at all. */
  | { kind: 'failed'; code: string; problem: string }
  /** Without network, the phone itself sees that this is no ticket of the event. */
  | { kind: 'foreign'; code: string };

/** Beyond a supervisor's force, and unpaid guests, a scan has no choices. */
export type Choice = Pick<Scan, 'force_reason' | 'ignore_unpaid'>;

/** A queue of people does not wait longer than this for an answer. */
const TIMEOUT = 4_000;
const ANSWERED_KEPT = 200;

/** Nonces on their way to the server; nobody else sends them meanwhile. */
const sending = new Set<string>();
/** Nonces that were answered; a full phone may be unable to strike them out. */
const struck = new Set<string>();

export function waitingScans(): Scan[] {
  return (read('waiting_scans') ?? []).filter(({ nonce }) => !struck.has(nonce));
}

export function answeredScans(): AnsweredScan[] {
  return read('answered_scans') ?? [];
}

/** Scans a code at a post. */
export async function scan(post: Post, code: string, choice: Choice = {}): Promise<Outcome> {
  const known = waitingScans().find((one) => isSame(one, post, code, choice));
  const made = known ?? (await newScan(post, code, choice));
  // Read again: another scan may have been written down while the phone made the nonce.
  const saved = known !== undefined || keep([...waitingScans(), made]);
  try {
    const verdict = await send(made);
    strike(made);
    return { kind: 'verdict', scan: made, verdict };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.final) {
      strike(made);
      return { kind: 'failed', code, problem: failure.code };
    }
    const check = failure.offline ? await isForeign(code, post.keys) : undefined;
    if (check === true) {
      strike(made);
      return { kind: 'foreign', code };
    }
    const repeated = known !== undefined;
    return { kind: 'kept', scan: made, problem: failure.code, genuine: check === false, saved, repeated };
  }
}

/** Those of the organization where the person is logged in; the others wait until somebody logs in there. */
export function waitingHere(): Scan[] {
  const here = current()?.organization.id;
  return waitingScans().filter(({ organization_id }) => organization_id === here);
}

/** How many wait for another organization. */
export function waitingElsewhere(): number {
  return waitingScans().length - waitingHere().length;
}

/** A ticket that waits already is tried again rather than written down twice. */
function isSame(known: Scan, post: Post, code: string, choice: Choice): boolean {
  return (
    identityOf(known.code) === identityOf(code) &&
    known.list_id === post.list.id &&
    known.direction === post.direction &&
    known.gate === post.gate &&
    known.force_reason === choice.force_reason &&
    known.ignore_unpaid === choice.ignore_unpaid
  );
}

async function newScan(post: Post, code: string, choice: Choice): Promise<Scan> {
  return {
    nonce: await randomHex(16),
    organization_id: post.organization_id,
    list_id: post.list.id,
    code,
    direction: post.direction,
    ...(post.gate !== undefined && { gate: post.gate }),
    scanned_at: clock.now(),
    ...choice,
  };
}

async function send(made: Scan): Promise<Verdict> {
  sending.add(made.nonce);
  try {
    return await post(made, new Date(made.scanned_at).toISOString()).catch((error: unknown) => {
      const { fields, code } = asFailure(error);
      const misdated = code === 'invalid_field' && fields.some(({ field }) => field === 'scanned_at');
      if (!misdated) throw error;
      // The phone's clock was too wrong when it had no network to learn the time from.
      return post(made, undefined);
    });
  } finally {
    sending.delete(made.nonce);
  }
}

async function post(made: Scan, scanned_at: string | undefined): Promise<Verdict> {
  const body = {
    code: made.code,
    nonce: made.nonce,
    type: made.direction,
    device_id: await deviceId(),
    gate: made.gate,
    scanned_at,
    force: made.force_reason !== undefined,
    force_reason: made.force_reason,
    ignore_unpaid: made.ignore_unpaid === true,
  };
  const request = { path: { id: made.list_id }, body, timeout: TIMEOUT };
  return call('post', '/api/v1/check-in-lists/{id}/check-ins', request, made.organization_id);
}

/** False when the phone has no room; with a network it can scan all the same. */
function keep(scans: Scan[]): boolean {
  try {
    write('waiting_scans', scans);
    return true;
  } catch (error) {
    console.error('the phone cannot keep scans', error);
    return false;
  }
}

function strike(made: Scan): void {
  struck.add(made.nonce);
  keep(waitingScans());
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
    // Somebody may have logged in elsewhere meanwhile.
    if (sending.has(made.nonce) || made.organization_id !== current()?.organization.id) continue;
    try {
      settle({ scan: made, verdict: await send(made) });
      answered += 1;
    } catch (error) {
      const failure = asFailure(error);
      // Logged out, without the right, or a server in trouble: this one waits, the others are tried.
      if (failure.offline || failure.login) return answered;
      if (!failure.final) continue;
      settle({ scan: made, problem: failure.code });
      answered += 1;
    }
  }
  return answered;
}

function settle(answered: AnsweredScan): void {
  try {
    write('answered_scans', [answered, ...answeredScans()].slice(0, ANSWERED_KEPT));
  } catch (error) {
    console.error('the phone cannot keep what was answered', error);
  }
  strike(answered.scan);
}

/** Takes back an entry or exit that was made by mistake. */
export async function annul(nonce: string, reason: string): Promise<void> {
  await call('post', '/api/v1/check-ins/{nonce}/annul', {
    path: { nonce },
    body: { reason, device_id: await deviceId() },
  });
}
