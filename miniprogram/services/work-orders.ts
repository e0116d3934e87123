/** Work orders: reports, one's own orders, and the moves that the server offers. */
import { filled, texts } from '../texts/index';
import { asFailure, Failure } from './failure';
import { send, type Schemas } from './http';
import { randomHex } from './random';
import { call, openly } from './session';
import { briefMoment, type UtcOffset } from './time';
import type { FollowedOrder, Move, Page, Report, State, WorkOrder, WorkOrderItem } from './work-order-types';

const PAGE = 20;

/** The server waits for the database and the content check, and people for the one thing that they send. */
const REPORT_TIMEOUT = 20_000;

/** Reports a fault; a repeated draft answers the same order. `follow` comes to whoever is not logged in. */
export function report(body: Report, organization_id: string): Promise<Schemas['ReportedWorkOrder']> {
  const request = { body, timeout: REPORT_TIMEOUT };
  return openly((token) => send('post', '/api/v1/work-orders', request, token), organization_id);
}

/** Adds to an open order that the person may see. */
export function addToOrder(id: string, body: Schemas['Addition']): Promise<unknown> {
  return call('post', '/api/v1/work-orders/{id}/additions', { path: { id }, body });
}

/** Adds to an open order of a unit, for whoever stands before it. */
export function addAtUnit(
  code: string,
  body: Schemas['Addition'] & { number: string },
  organization_id: string,
): Promise<Schemas['Added']> {
  const request = { path: { code }, body };
  return openly((token) => send('post', '/api/v1/equipment/{code}/additions', request, token), organization_id);
}

export function fetchMyOrders(open: boolean, cursor?: string): Promise<Page<WorkOrderItem>> {
  const query = { open, cursor, limit: PAGE };
  return call('get', '/api/v1/me/work-orders', { query }) as Promise<Page<WorkOrderItem>>;
}

export function fetchOrder(id: string): Promise<WorkOrder> {
  return call('get', '/api/v1/work-orders/{id}', { path: { id } }) as Promise<WorkOrder>;
}

/** What a move says besides its name; `version` is the one that the person saw. */
export interface MoveBody extends Record<string, unknown> {
  move: Move;
  version: number;
}

interface KeyedMove extends MoveBody {
  move_key: string;
}

/** Moves whose answer was lost, by their order: they may have been made. */
const unanswered = new Map<string, { said: string; body: KeyedMove }>();

/** Somebody begins a move: after a lost answer this is another one, once the order is known to have changed. */
export function beginMove(where: string, version: number): void {
  const lost = unanswered.get(where);
  if (lost !== undefined && lost.body.version !== version) unanswered.delete(where);
}

/** After a lost answer the very same move is sent again, so that it is made once; with other words it is another one. */
async function moving<T>(
  where: string,
  body: MoveBody,
  make: (request: { body: KeyedMove; timeout?: number }) => Promise<T>,
): Promise<T> {
  const { version: _, ...saying } = body;
  const said = JSON.stringify(saying);
  const lost = unanswered.get(where);
  const made = lost?.said === said ? lost : { said, body: { ...body, move_key: await randomHex(16) } };
  unanswered.set(where, made);
  const wordy = [body['reason'], body['text'], body['comment']].some((words) => words !== undefined);
  try {
    const answer = await make({ body: made.body, ...(wordy && { timeout: REPORT_TIMEOUT }) });
    unanswered.delete(where);
    return answer;
  } catch (error) {
    const { offline, login, status } = asFailure(error);
    if (!offline && !login && status < 500) unanswered.delete(where);
    throw error;
  }
}

/** Makes a move. */
export function makeMove(id: string, body: MoveBody): Promise<WorkOrder> {
  return moving(id, body, (request) =>
    call('post', '/api/v1/work-orders/{id}/moves', { path: { id }, ...request }),
  ) as Promise<WorkOrder>;
}

/** The order as it is now, when a move was refused because it had changed meanwhile. */
export function currentOrderIn<T extends { version: number }>(error: unknown): T | undefined {
  if (!(error instanceof Failure) || (error.code !== 'version_stale' && error.code !== 'move_refused'))
    return undefined;
  const found = error.document['work_order'];
  return typeof found === 'object' && found !== null ? (found as T) : undefined;
}

export function fetchFollowed(code: string): Promise<FollowedOrder> {
  return openly((token) => send('get', '/api/v1/followed/{code}', { path: { code } }, token)) as Promise<FollowedOrder>;
}

/** Where an order is looked for: at the organization of a unit, or at one that is named. */
export type Whose = { equipment_code: string } | { organization_id: string };

/** Finds an order by its number and the phone number of its contact. */
export function findFollowed(number: string, phone: string, whose: Whose): Promise<FollowedOrder> {
  const body = { number, phone, ...whose };
  return openly((token) => send('post', '/api/v1/followed', { body }, token)) as Promise<FollowedOrder>;
}

/** Makes a move without login. */
export function moveFollowed(code: string, body: MoveBody): Promise<FollowedOrder> {
  return moving(code, body, (request) =>
    openly((token) => send('post', '/api/v1/followed/{code}/moves', { path: { code }, ...request }, token)),
  ) as Promise<FollowedOrder>;
}

/** Makes an order that was reported without login the person's own. */
export function claimFollowed(follow_code: string): Promise<WorkOrder> {
  return call('post', '/api/v1/me/work-orders/claim', { body: { follow_code } }) as Promise<WorkOrder>;
}

export function stateText(state: State): string {
  const known: Record<string, string> = texts().states;
  return known[state] ?? state;
}

/** What a button for the move says. */
export function moveText(move: Move): string {
  const known: Record<string, string> = texts().moves;
  return known[move] ?? move;
}

const TARGET_ICONS = { kept: 'check-circle', due: 'time', paused: 'pause-circle' };

/** A target in plain words: when somebody answers or the fault is mended at the latest, and whether that was kept. */
export function targetTexts(
  order: Pick<WorkOrderItem, 'targets' | 'state'>,
  offsets: readonly UtcOffset[],
): { icon: string; text: string; late: boolean }[] {
  const { targets, state } = order;
  const t = texts().targets;
  if (targets === undefined || targets === null || state === 'canceled') return [];
  const { response_due_at, responded_at, response_late, resolution_due_at, resolved_at, resolution_late } = targets;
  const line = (icon: string, text: string, time: string, late = false) => ({
    icon,
    text: filled(text, { time: briefMoment(time, offsets) }),
    late,
  });
  const { kept, due, paused } = TARGET_ICONS;
  const lines = [];
  if (responded_at) lines.push(line(kept, response_late ? t.responded_late : t.responded, responded_at));
  else if (response_due_at) {
    lines.push(line(due, response_late ? t.response_late : t.response_due, response_due_at, response_late));
  }
  if (resolved_at) lines.push(line(kept, resolution_late ? t.resolved_late : t.resolved, resolved_at));
  else if (targets.paused) lines.push({ icon: paused, text: t.paused, late: false });
  else if (resolution_due_at) {
    lines.push(line(due, resolution_late ? t.resolution_late : t.resolution_due, resolution_due_at, resolution_late));
  }
  return lines;
}
