/** Work orders: reports, one's own orders, and the moves that the server offers. */
import { filled, texts } from '../texts/index';
import { ask, askOpenly } from './asking';
import { Failure } from './failure';
import { randomHex } from './random';
import { briefMoment } from './time';
import type { Follow, FollowedOrder, Move, Page, Report, State, WorkOrder, WorkOrderItem } from './work-order-types';

const PAGE = 20;

/** The server waits for the database and the content check, and people for the one report that they send. */
const REPORT_TIMEOUT = 20_000;

/** Reports a fault; a repeated draft answers the same order. `follow` comes to whoever is not logged in. */
export function report(body: Report, organization_id: string): Promise<WorkOrder & { follow?: Follow | null }> {
  return askOpenly('post', '/api/v1/work-orders', { body, timeout: REPORT_TIMEOUT }, organization_id);
}

/** Adds to an open order that the person may see. */
export function addToOrder(
  id: string,
  body: { draft_id: string; text: string; media_ids: string[] },
): Promise<unknown> {
  return ask('post', '/api/v1/work-orders/{id}/additions', { path: { id }, body });
}

/** Adds to an open order of a unit, for whoever stands before it. */
export function addAtUnit(
  code: string,
  body: { draft_id: string; number: string; text: string; media_ids: string[] },
  organization_id: string,
): Promise<{ number: string; added_at: string }> {
  return askOpenly('post', '/api/v1/equipment/{code}/additions', { path: { code }, body }, organization_id);
}

export function fetchMyOrders(open: boolean, cursor?: string): Promise<Page<WorkOrderItem>> {
  return ask('get', '/api/v1/me/work-orders', { query: { open, cursor, limit: PAGE } });
}

export function fetchOrder(id: string): Promise<WorkOrder> {
  return ask('get', '/api/v1/work-orders/{id}', { path: { id } });
}

/** What a move says besides its name; `version` is the one that the person saw. */
export interface MoveBody extends Record<string, unknown> {
  move: Move;
  version: number;
}

/** Makes a move. Repeated under the same key it answers the same again. */
export async function makeMove(id: string, body: MoveBody): Promise<WorkOrder> {
  const move_key = await randomHex(16);
  return ask('post', '/api/v1/work-orders/{id}/moves', { path: { id }, body: { ...body, move_key } });
}

/** The order as it is now, when a move was refused because it had changed meanwhile. */
export function currentOrderIn<T extends { version: number }>(error: unknown): T | undefined {
  if (!(error instanceof Failure) || (error.code !== 'version_stale' && error.code !== 'move_refused'))
    return undefined;
  const found = error.document['work_order'];
  return typeof found === 'object' && found !== null ? (found as T) : undefined;
}

export function fetchFollowed(code: string): Promise<FollowedOrder> {
  return askOpenly('get', '/api/v1/followed/{follow_code}', { path: { follow_code: code } });
}

/** Where an order is looked for: at the organization of a unit, or at one that is named. */
export type Whose = { equipment_code: string } | { organization_id: string };

/** Finds an order by its number and the phone number of its contact. */
export function findFollowed(number: string, phone: string, whose: Whose): Promise<FollowedOrder> {
  return askOpenly('post', '/api/v1/followed', { body: { number, phone, ...whose } });
}

export async function moveFollowed(code: string, body: MoveBody): Promise<FollowedOrder> {
  const move_key = await randomHex(16);
  const path = { follow_code: code };
  return askOpenly('post', '/api/v1/followed/{follow_code}/moves', { path, body: { ...body, move_key } });
}

/** Makes an order that was reported without login the person's own. */
export function claimFollowed(follow_code: string): Promise<WorkOrder> {
  return ask('post', '/api/v1/me/work-orders/claim', { body: { follow_code } });
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
): { icon: string; text: string; late: boolean }[] {
  const { targets, state } = order;
  const t = texts().targets;
  if (targets === undefined || targets === null || state === 'canceled') return [];
  const { response_due_at, responded_at, response_late, resolution_due_at, resolved_at, resolution_late } = targets;
  const line = (icon: string, text: string, time: string, late = false) => ({
    icon,
    text: filled(text, { time: briefMoment(time) }),
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
