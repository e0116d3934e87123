/** Times as the event's clocks show them. Phones have no time-zone database, so the server says the offsets. */
import * as clock from './clock';
import type { Schemas } from './http';

export type UtcOffset = Schemas['UtcOffset'];

const pad = (number: number): string => String(number).padStart(2, '0');

function offsetAt(offsets: readonly UtcOffset[], at: number): number {
  const reached = offsets.filter((offset) => Date.parse(offset.from) <= at).pop() ?? offsets[0];
  // Without an event there is only the phone's own time zone.
  return reached === undefined ? -new Date(at).getTimezoneOffset() * 60 : reached.seconds;
}

function local(at: number, offsets: readonly UtcOffset[]): Date {
  return new Date(at + offsetAt(offsets, at) * 1000);
}

/** `2026-11-21`. */
export function day(at: string | number, offsets: readonly UtcOffset[] = []): string {
  const date = local(typeof at === 'number' ? at : Date.parse(at), offsets);
  return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

/** `09:05`. */
export function minute(at: string | number, offsets: readonly UtcOffset[] = []): string {
  const date = local(typeof at === 'number' ? at : Date.parse(at), offsets);
  return `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
}

/** `09:05:07`. */
export function second(at: string | number, offsets: readonly UtcOffset[] = []): string {
  const when = typeof at === 'number' ? at : Date.parse(at);
  return `${minute(when, offsets)}:${pad(new Date(when).getUTCSeconds())}`;
}

/** The moment (UTC epoch milliseconds) at which the clocks show this date and time, as `2026-11-21` and `09:05`. */
export function instant(date: string, time: string, offsets: readonly UtcOffset[] = []): number {
  const shown = Date.parse(`${date}T${time}:00Z`);
  // Where the clocks change in between, the offset of the first guess may be the other one.
  const guess = shown - offsetAt(offsets, shown) * 1000;
  return shown - offsetAt(offsets, guess) * 1000;
}

/** The time of day alone when it is today, else with the day. */
export function moment(at: string | number, offsets: readonly UtcOffset[] = [], now = clock.now()): string {
  const that = day(at, offsets);
  return that === day(now, offsets) ? second(at, offsets) : `${that.slice(5)} ${minute(at, offsets)}`;
}

/** The same without seconds. */
export function briefMoment(at: string | number, offsets: readonly UtcOffset[] = [], now = clock.now()): string {
  const that = day(at, offsets);
  return that === day(now, offsets) ? minute(at, offsets) : `${that.slice(5)} ${minute(at, offsets)}`;
}

/** The days of an event, as short as they can be said. */
export function period(from: string, until: string, offsets: readonly UtcOffset[] = []): string {
  const [first, last] = [day(from, offsets), day(until, offsets)];
  return first === last
    ? `${first} ${minute(from, offsets)}–${minute(until, offsets)}`
    : `${first} ${minute(from, offsets)} – ${last} ${minute(until, offsets)}`;
}
