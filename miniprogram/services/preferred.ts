/** When somebody would like the engineer to come: a day, and a part of it, by the phone's clock. */
import { day, minute } from './time';

/** Hours at which the parts of a day begin and end. */
export const DAY_PARTS = {
  any: [8, 20],
  morning: [8, 12],
  afternoon: [12, 18],
  evening: [18, 20],
} as const;

export type DayPart = keyof typeof DAY_PARTS;

/** `date` as `2026-11-21`; undefined when it is none. */
export function preferredOf(date: string, part: DayPart): { from: string; until: string } | undefined {
  const [year, month, of] = date.split('-').map(Number);
  if (year === undefined || month === undefined || of === undefined) return undefined;
  const [from, until] = DAY_PARTS[part].map((hour) => new Date(year, month - 1, of, hour));
  if (from === undefined || until === undefined || Number.isNaN(from.getTime())) return undefined;
  return { from: from.toISOString(), until: until.toISOString() };
}

/** The day and its part again; `any` for times that are none of ours. */
export function partOf({ from, until }: { from: string; until: string }): { date: string; part: DayPart } {
  const [start, end] = [new Date(from).getHours(), new Date(until).getHours()];
  const parts = Object.keys(DAY_PARTS) as DayPart[];
  const part = parts.find((name) => DAY_PARTS[name][0] === start && DAY_PARTS[name][1] === end);
  return { date: day(from), part: part ?? 'any' };
}

/** `2026-11-22 08:00–12:00`. */
export function preferredText({ from, until }: { from: string; until: string }): string {
  const [first, last] = [day(from), day(until)];
  return first === last
    ? `${first} ${minute(from)}–${minute(until)}`
    : `${first} ${minute(from)} – ${last} ${minute(until)}`;
}
