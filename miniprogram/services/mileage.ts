/** Working days: their stops, the way between them, and how each kilometer was computed. */
import { rule } from '../core/index';
import { ask } from './asking';
import type { CheckInOutcome } from './visits';
import type { Fix } from './work-order-types';

export type LegMethod = 'great_circle' | 'odometer' | 'manual';
export type DayStatus = 'open' | 'submitted' | 'approved' | 'rejected';

export interface Stop {
  id: string;
  kind: 'start' | 'visit' | 'end';
  /** RFC 3339. */
  at: string;
  fix?: Fix | null;
  address?: string | null;
  odometer_meters?: number | null;
  work_order_number?: string | null;
  site?: string | null;
  outcome?: CheckInOutcome | null;
}

export interface Leg {
  id: string;
  from: string;
  to: string;
  method: LegMethod;
  computed_meters?: number | null;
  /** Null where a stop has no fix, until somebody says how far it was. */
  meters?: number | null;
  odometer_start?: number | null;
  odometer_end?: number | null;
  reason?: string | null;
  version: number;
}

export interface MileageDay {
  day: string;
  engineer: { id: string; name?: string | null };
  status: DayStatus;
  stops: Stop[];
  legs: Leg[];
  total_meters: number;
  version: number;
  reason?: string | null;
}

/** A day of the person (`me`) or of an engineer. */
export function fetchDay(engineer: string, day: string): Promise<MileageDay> {
  return ask('get', '/api/v1/mileage-days/{engineer}/{day}', { path: { engineer, day } });
}

export function submitDay(day: string): Promise<MileageDay> {
  return ask('post', '/api/v1/mileage-days/{engineer}/{day}/submit', { path: { engineer: 'me', day } });
}

/** What a leg becomes. */
export interface LegEdit {
  version: number;
  method: LegMethod;
  meters?: number;
  odometer_start_meters?: number;
  odometer_end_meters?: number;
  photo_ids?: string[];
  reason: string;
}

export function editLeg(id: string, body: LegEdit): Promise<MileageDay> {
  return ask('patch', '/api/v1/mileage-legs/{id}', { path: { id }, body });
}

export interface Statement {
  engineer: { id: string; name?: string | null };
  month: string;
  days: { day: string; status: DayStatus; total_meters: number; legs: number }[];
  total_meters: number;
  approved_meters: number;
}

export function fetchStatement(engineer: string, month: string): Promise<Statement> {
  return ask('get', '/api/v1/mileage-statements/{engineer}/{month}', { path: { engineer, month } });
}

/** The legs and the total by the same rule as on the server; undefined where the rules do not run. */
export function computeDay(
  stops: readonly Stop[],
  edits: readonly Leg[],
  detour_permille: number,
): Promise<{ legs: Leg[]; total_meters: number } | undefined> {
  return rule('mileage_day', { stops, edits, detour_permille });
}

/** Meters as people say them. */
export function kilometers(meters: number): string {
  return (meters / 1000).toFixed(meters < 100_000 ? 2 : 1);
}

