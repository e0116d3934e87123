/** Working days: their stops, the way between them, and how each kilometer was computed. */
import { rule } from '../core/index';
import { ask } from './asking';
import { current } from './session';
import { knownSettings } from './service-settings';
import { read, write } from './storage';
import type { Media } from './media-types';
import type { CheckInOutcome } from './visits';
import type { Fix, Page } from './work-order-types';

export type LegMethod = 'great_circle' | 'odometer' | 'manual';
export type DayStatus = 'open' | 'submitted' | 'approved' | 'rejected';

export interface Stop {
  /** What the phone has named it. */
  id: string;
  kind: 'start' | 'visit' | 'end';
  /** RFC 3339. */
  at: string;
  /** The same with a suspect clock put right; gives the order. */
  counted_at: string;
  clock_suspect?: boolean;
  fix?: Fix | null;
  address?: string | null;
  odometer_meters?: number | null;
  photo?: Media | null;
  visit?: { work_order_id: string; number: string; outcome: CheckInOutcome } | null;
}

export interface LegFigures {
  from: string;
  to: string;
  method: LegMethod;
  straight_meters?: number | null;
  computed_meters?: number | null;
  /** Null where a stop has no fix, until somebody says how far it was. */
  meters?: number | null;
  suspicion?: 'odometer_backwards' | 'too_short' | 'too_long' | null;
  odometer_start?: number | null;
  odometer_end?: number | null;
}

export interface Leg extends LegFigures {
  id: string;
  reason?: string | null;
  version: number;
  photos?: Media[];
}

export interface MileageDay {
  /** `2026-11-21`. */
  day: string;
  engineer: { id: string; name?: string | null };
  status: DayStatus;
  stops: Stop[];
  legs: Leg[];
  total_meters: number;
  complete: boolean;
  detour_permille?: number | null;
  /** Why it was rejected. */
  reason?: string | null;
  version: number;
}

export interface KeptDays {
  organization_id: string;
  person_id: string;
  /** The latest first. Absent in what older versions have kept. */
  days?: MileageDay[];
}

/** Today, the day before, which may go on after midnight, and one more that somebody looks at. */
const MOST_DAYS = 3;

function knownDays(): MileageDay[] {
  const kept = read('mileage_day');
  const session = current();
  const own = kept?.organization_id === session?.organization.id && kept?.person_id === session?.person_id;
  return (own ? kept?.days : undefined) ?? [];
}

/** The person's own day as the phone saw it last. */
export function knownDay(date: string): MileageDay | undefined {
  return knownDays().find(({ day }) => day === date);
}

/** A day of which nothing is known. */
export function emptyDay(day: string): MileageDay {
  const nothing = { stops: [], legs: [], total_meters: 0, complete: true, version: 0 };
  return { day, engineer: { id: '' }, status: 'open', ...nothing };
}

/** Keeps a day, and answers it; what the phone has learned meanwhile from a newer answer stays. */
function keep(day: MileageDay): MileageDay {
  const session = current();
  if (session === undefined) return day;
  const before = knownDay(day.day);
  if (before !== undefined && before.version > day.version) return before;
  const latest = knownDays()
    .filter((known) => known.day !== day.day)
    .slice(0, MOST_DAYS - 1);
  const days = [day, ...latest].sort((one, other) => (one.day < other.day ? 1 : -1));
  try {
    write('mileage_day', { organization_id: session.organization.id, person_id: session.person_id, days });
  } catch (error) {
    console.warn('the phone cannot keep the day', error);
  }
  return day;
}

export async function fetchOwnDay(day: string): Promise<MileageDay> {
  return keep(await fetchDay('me', day));
}

/** A day of an engineer. */
export function fetchDay(engineer: string, day: string): Promise<MileageDay> {
  return ask('get', '/api/v1/mileage-days/{engineer}/{day}', { path: { engineer, day } });
}

/** `version`: the day as it was looked at. */
export async function submitDay({ day, version }: Pick<MileageDay, 'day' | 'version'>): Promise<MileageDay> {
  const path = { engineer: 'me', day };
  return keep(await ask('post', '/api/v1/mileage-days/{engineer}/{day}/submit', { path, body: { version } }));
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

export async function editLeg(id: string, body: LegEdit): Promise<MileageDay> {
  return keep(await ask('patch', '/api/v1/mileage-legs/{id}', { path: { id }, body }));
}

/** A day that waits for a decision. */
export interface SubmittedDay {
  day: string;
  engineer: { id: string; name?: string | null };
  status: DayStatus;
  submitted_at?: string | null;
}

export async function fetchSubmitted(): Promise<SubmittedDay[]> {
  const { items } = await ask<Page<SubmittedDay>>('get', '/api/v1/mileage-days', { query: { status: 'submitted' } });
  return items;
}

/** `version`: the day as it was looked at. */
export function decideDay(
  { engineer, day, version }: MileageDay,
  decision: 'approve' | 'reject',
  reason?: string,
): Promise<MileageDay> {
  const path = { engineer: engineer.id, day };
  return ask('post', '/api/v1/mileage-days/{engineer}/{day}/decision', { path, body: { decision, reason, version } });
}

export interface Statement {
  engineer: { id: string; name?: string | null };
  /** `2026-11`. */
  month: string;
  days: { day: string; status: DayStatus; total_meters: number; complete: boolean; legs: unknown[] }[];
  total_meters: number;
  approved_meters: number;
}

export function fetchStatement(engineer: string, month: string): Promise<Statement> {
  return ask('get', '/api/v1/mileage-statements/{engineer}/{month}', { path: { engineer, month } });
}

/** What a day comes to. */
export interface Computed {
  legs: LegFigures[];
  total_meters: number;
  complete: boolean;
}

/**
 * The legs and the total by the same rule as on the server, which counts what the phone has not sent yet; undefined
 * where the rules do not run. An approved day is settled.
 */
export async function computeDay(day: MileageDay): Promise<Computed | undefined> {
  if (day.status === 'approved') return day;
  const stops = day.stops.map(({ id, kind, at, counted_at, fix, odometer_meters }) => ({
    id,
    kind,
    at,
    counted_at,
    // Whole, for the rule leaves out what is old or vague.
    ...(fix && { fix }),
    ...(typeof odometer_meters === 'number' && { odometer_meters }),
  }));
  const detour_permille = day.detour_permille ?? knownSettings().detour_permille;
  return rule('mileage_day', { stops, edits: day.legs, detour_permille });
}

/** Meters as people say them: `12.34`. */
export function kilometers(meters: number): string {
  return (meters / 1000).toFixed(2);
}

/** Kilometers as people type them, in meters; undefined when it is none. */
export function metersIn(typed: string): number | undefined {
  const text = typed.trim().replace(',', '.');
  return /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : undefined;
}
