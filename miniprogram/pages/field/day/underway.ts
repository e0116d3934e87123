/** Which working day is under way: whoever comes home after midnight ends the day before. */
import * as clock from '../../../services/clock';
import { withWaiting } from '../../../services/day-lines';
import { fieldActs } from '../../../services/field-queue';
import { emptyDay, knownDay, type MileageDay } from '../../../services/mileage';
import { serviceDay, serviceOffsets } from '../../../services/service-settings';

const DAY = 24 * 3_600_000;
/** Who checks in longer than this after the start has forgotten to end the day. Milliseconds. */
const LONGEST = 18 * 3_600_000;

/** So many days after the day, as `2026-11-20`; before it where they are negative. */
export function daysFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The day before. */
export function eveOf(day: string): string {
  return daysFrom(day, -1);
}

/** A day that has started and not ended. */
export interface Underway {
  /** `2026-11-21`. */
  day: string;
  /** UTC epoch milliseconds. */
  started_at: number;
}

/** The first of the days with a start or an end, where the last of these is a start. `days`: the latest first. */
export function underway(days: readonly Pick<MileageDay, 'day' | 'status' | 'stops'>[]): Underway | undefined {
  for (const { day, status, stops } of days) {
    const last = stops.filter(({ kind }) => kind !== 'visit').pop();
    if (last === undefined) continue;
    const over = status === 'submitted' || status === 'approved';
    if (last.kind === 'end' || over) return undefined;
    return { day, started_at: Date.parse(last.counted_at) };
  }
  return undefined;
}

/** What is under way as far as the phone knows, with what it has not sent. */
export function dayUnderway(now = clock.now()): Underway | undefined {
  const today = serviceDay(now);
  const days = [today, eveOf(today)].map((day) =>
    withWaiting(knownDay(day) ?? emptyDay(day), fieldActs(), serviceOffsets()),
  );
  return underway(days);
}

/** The day that a visit belongs to, where that is the one before: the work has begun before midnight. */
export function dayOfVisit(now: number): string | undefined {
  const known = dayUnderway(now);
  const goes_on = known !== undefined && known.day !== serviceDay(now) && now - known.started_at <= LONGEST;
  return goes_on ? known.day : undefined;
}
