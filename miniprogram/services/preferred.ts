/** When somebody would like the engineer to come: a day, and a part of it, by the organization's clocks. */
import { day, instant, minute, type UtcOffset } from './time';

/** Hours at which the parts of a day begin and end. */
export const DAY_PARTS = {
  any: ['08:00', '20:00'],
  morning: ['08:00', '12:00'],
  afternoon: ['12:00', '18:00'],
  evening: ['18:00', '20:00'],
} as const;

export type DayPart = keyof typeof DAY_PARTS;

interface Period {
  from: string;
  until: string;
}

/** `date` as `2026-11-21`; undefined when it is none. */
export function preferredOf(date: string, part: DayPart, offsets: readonly UtcOffset[]): Period | undefined {
  const [from, until] = DAY_PARTS[part].map((time) => instant(date, time, offsets));
  if (from === undefined || until === undefined || Number.isNaN(from)) return undefined;
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

/** The day and its part again; `any` for times that are none of ours. */
export function partOf({ from, until }: Period, offsets: readonly UtcOffset[]): { date: string; part: DayPart } {
  const [start, end] = [minute(from, offsets), minute(until, offsets)];
  const parts = Object.keys(DAY_PARTS) as DayPart[];
  const part = parts.find((name) => DAY_PARTS[name][0] === start && DAY_PARTS[name][1] === end);
  return { date: day(from, offsets), part: part ?? 'any' };
}
