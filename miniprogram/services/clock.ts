/**
 * The time of the server. Phones at a gate are sometimes minutes off, and both a rotating code and the moment of a scan
 * are judged by the server's clock.
 */
let ahead = 0;

/** Learns from the `Date` header of an answer. It has whole seconds, so small differences say nothing. */
export function learn(date: string | undefined, sent: number, received: number): void {
  const server = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server + 500 - (sent + received) / 2;
  ahead = Math.abs(difference) < 2000 ? 0 : difference;
}

/** UTC epoch milliseconds. */
export function now(): number {
  return Math.round(Date.now() + ahead);
}
