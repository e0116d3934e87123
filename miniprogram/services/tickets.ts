/** The attendee's tickets, also without network once they were seen. */
import { rule } from '../core/index';
import * as clock from './clock';
import { deviceKey, deviceSecret } from './device';
import type { Schemas } from './http';
import { confirmNumber, type PhoneAnswer } from './phone-number';
import { call } from './session';
import { read, write } from './storage';

export type MyTicket = Schemas['MyTicket'];

/** What the phone knows without asking. */
export function knownTickets(): MyTicket[] | undefined {
  return read('tickets')?.items;
}

export function knownTicket(id: string): MyTicket | undefined {
  return knownTickets()?.find((ticket) => ticket.id === id);
}

/** Asks the server, and keeps the answer on the phone. */
export async function fetchTickets(): Promise<MyTicket[]> {
  return keep(await call('get', '/api/v1/me/tickets', {}));
}

function keep({ items }: Schemas['Page_MyTicket']): MyTicket[] {
  write('tickets', { items, seen_at: clock.now() });
  return items;
}

/** Answers the tickets that were claimed. By the order with the attendee's name or phone number, or by a phone number that WeChat confirmed. */
export async function claimTickets(
  by: Pick<Schemas['ClaimBody'], 'order_code' | 'attendee_name' | 'phone'>,
): Promise<MyTicket[]> {
  const device_key = await deviceKey();
  const { items } = await call('post', '/api/v1/me/tickets/claim', { body: { ...by, device_key } });
  await fetchTickets();
  return items;
}

/** Claims what belongs to the phone number that WeChat confirmed. */
export async function claimByPhone(answer: PhoneAnswer): Promise<MyTicket[]> {
  return claimTickets({ phone: await confirmNumber(answer) });
}

/** What the QR code of a ticket shows now; undefined when this phone cannot make it. */
export async function codeToShow(ticket: MyTicket): Promise<string | undefined> {
  if (!ticket.rotating) return ticket.code;
  const device_secret = deviceSecret();
  if (device_secret === undefined) return undefined;
  const shown = await rule<{ code: string }>('show_rotating', { code: ticket.code, device_secret, at: clock.now() });
  return shown?.code;
}
