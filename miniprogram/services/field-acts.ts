/** What an engineer does in the field, as it is written down and sent. */
import type { Owner, QueuedAct } from './act-queue';
import * as clock from './clock';
import { randomHex } from './random';
import type { CheckInOutcome } from './visits';
import type { Fix, Move, Point, WorkOrder, WorkOrderItem } from './work-order-types';

export type VisitResult = 'done' | 'paused' | 'unfinished';

/** A part that was used; the quantity is a decimal number in text. */
export interface PartLine {
  name: string;
  number?: string;
  quantity: string;
  unit?: string;
}

export interface LaborLine {
  kind: string;
  minutes: number;
}

/** Where somebody was, or why that is not known. */
export interface Whereabouts {
  fix?: Fix;
  skip_reason?: string;
}

/** Which order an act is about, for lists without network. */
export interface About {
  id: string;
  number: string;
  model: string;
}

/** An order as a visit needs it, also after it was given to somebody else. */
export interface VisitedOrder extends About {
  /** Where it is to be done. */
  position?: Point;
}

/** The beginning of a visit, as the phone knows it. */
export interface Began {
  /** UTC epoch milliseconds. */
  checked_in_at: number;
  /** As the phone or the server has judged; absent where neither could. */
  outcome?: CheckInOutcome;
  distance_meters?: number;
}

export interface MoveDone {
  kind: 'move';
  order: About;
  move: Move;
  fields: Record<string, string | number>;
}

/** The beginning of a visit; the act's key names it. */
export interface CheckInDone extends Whereabouts {
  kind: 'check_in';
  order: VisitedOrder;
  /** The working day that it belongs to, where that has begun before midnight: `2026-11-21`. */
  day?: string;
}

/** The end of a visit. */
export interface CheckOutDone extends Whereabouts {
  kind: 'check_out';
  order: VisitedOrder;
  visit_key: string;
  /** For putting it right; absent in what older versions have kept. */
  began?: Began;
  result: VisitResult;
  text: string;
  reason?: string;
  parts: PartLine[];
  labor: LaborLine[];
  /** The one of `files` that is the customer's signature. */
  signature?: string;
  signer_name?: string;
}

/** The beginning or the end of a working day. */
export interface DayPointDone {
  kind: 'day_point';
  point: 'start' | 'end';
  /** The day that it ends, where that has begun before midnight: `2026-11-21`. */
  day?: string;
  fix?: Fix;
  address?: string;
  odometer_meters?: number;
}

export type Deed = MoveDone | CheckInDone | CheckOutDone | DayPointDone;

interface Written extends QueuedAct {
  /** UTC epoch milliseconds, by a clock that was then `ahead` of the phone's own. */
  made_at: number;
  /** Milliseconds. When it is sent, the same clock says so: the server sees how far it was off. */
  ahead: number;
}

export type FieldAct = Written & Deed;

export function aboutOrder({ id, number, equipment }: WorkOrderItem): About {
  return { id, number, model: equipment.model };
}

export function visitedOrder(order: WorkOrderItem): VisitedOrder {
  const { position } = order;
  return { ...aboutOrder(order), ...(position && { position }) };
}

/** The lane of a work order. */
export function orderLane(order_id: string): string {
  return `order:${order_id}`;
}

/** All points of all days go in one lane, because an end belongs to its start. */
const DAY_LANE = 'day';

interface More {
  /** Made before, where other things are named after it already. */
  key?: string;
  files?: string[];
  /** The order as the person saw it. */
  seen?: Pick<WorkOrder, 'version'> & { follows: boolean };
}

/** Writes a deed down as an act of this person. */
export async function actOf(deed: Deed, owner: Owner, { key, files = [], seen }: More = {}): Promise<FieldAct> {
  return {
    ...deed,
    key: key ?? (await randomHex(16)),
    organization_id: owner.organization_id,
    person_id: owner.person_id,
    lane: deed.kind === 'day_point' ? DAY_LANE : orderLane(deed.order.id),
    files,
    made_at: clock.now(),
    ahead: clock.now() - Date.now(),
    ...(seen !== undefined && { version: seen.version, ...(seen.follows && { follows: true }) }),
  };
}
