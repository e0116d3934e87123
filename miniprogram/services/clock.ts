/**
 * The time of the server. Phones at a gate are sometimes minutes off, and both a rotating code and the moment of a scan
 * are judged by the server's clock. What was learned is kept, for a start without network.
 */
import { read, write } from './storage';

let ahead: number | undefined;

/** Learns from the `Date` header of an answer. It has whole seconds, so small differences say nothing. */
export function learn(date: string | undefined, sent: number, received: number): void {
  const server = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server + 500 - (sent + received) / 2;
  const learned = Math.abs(difference) < 2000 ? 0 : Math.round(difference);
  if (Math.abs(learned - known()) < 2000) return;
  ahead = learned;
  try {
    write('clock_ahead', learned);
  } catch (error) {
    console.warn('the phone cannot keep how far its clock is off', error);
  }
}

function known(): number {
  ahead ??= read('clock_ahead') ?? 0;
  return ahead;
}

/** UTC epoch milliseconds. */
export function now(): number {
  return Date.now() + known();
}
