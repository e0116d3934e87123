/** Visits of engineers as the server keeps them, and what the phone itself can say about a check-in. */
import { rule } from '../core/index';
import { ask } from './asking';
import type { LaborLine, PartLine, VisitResult } from './field-acts';
import type { Media } from './media-types';
import type { Fix, Page, Point, WorkOrder } from './work-order-types';

/** What a position says about being on site. */
export type CheckInOutcome = 'inside' | 'outside' | 'no_fix' | 'offline' | 'skipped';

interface VisitEnd {
  at: string;
  received_at: string;
  fix?: Fix | null;
  outcome: CheckInOutcome;
  distance_meters?: number | null;
  reason?: string | null;
  clock_skew_ms: number;
  clock_suspect: boolean;
  offline: boolean;
  /** Taken at check-in. */
  photo?: Media | null;
  /** Taken at check-out. */
  photos?: Media[];
  /** Why the order did not move along. */
  work_order_conflict?: string | null;
}

export interface Visit {
  id: string;
  visit_key: string;
  work_order_id: string;
  engineer: { id: string; name?: string | null };
  check_in: VisitEnd;
  check_out?: VisitEnd | null;
  result?: VisitResult | null;
  text?: string | null;
  parts: PartLine[];
  labor: LaborLine[];
  signature?: Media | null;
  signer_name?: string | null;
  version: number;
}

/** What the server answers to a check-in and to a check-out. */
export interface VisitAnswer {
  visit: Visit;
  /** Absent where it is another engineer's now. */
  work_order?: WorkOrder | null;
  /** The visit is recorded, but the order has moved on meanwhile. */
  work_order_conflict?: string | null;
}

export async function fetchVisits(order_id: string): Promise<Visit[]> {
  const { items } = await ask<Page<Visit>>('get', '/api/v1/work-orders/{id}/visits', { path: { id: order_id } });
  return items;
}

/** What is known before a check-in. */
export interface OnSite {
  site?: Point;
  fix?: Fix;
  /** RFC 3339. */
  at: string;
  geofence_meters: number;
  offline: boolean;
  skip_reason?: string;
}

/** The outcome by the same rule as on the server; undefined where the rules do not run. */
export function judgeCheckIn(
  input: OnSite,
): Promise<{ outcome: CheckInOutcome; distance_meters?: number } | undefined> {
  return rule('visit_check_in', input);
}
