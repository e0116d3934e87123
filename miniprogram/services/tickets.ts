/** The attendee's tickets, also without network once they were seen. */
import { rule } from '../core/index';
import * as clock from './clock';
import { deviceKey, deviceSecret } from './device';
import { Failure } from './failure';
import type { Schemas } from './http';
import { call, current, logIn } from './session';
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
  // The person may have logged out while the answer was on its way.
  if (current() !== undefined) write('tickets', { items, seen_at: clock.now() });
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

/** What `<button open-type="getPhoneNumber">` hands over. */
export interface ConfirmedPhone {
  encryptedData: string;
  iv: string;
}

/** Lets the server open what WeChat encrypted, and claims what belongs to that number. */
export async function claimByPhone({ encryptedData, iv }: ConfirmedPhone): Promise<MyTicket[]> {
  const opened = await call('post', '/api/v1/decrypt', { body: { encrypted_data: encryptedData, iv } }).catch(
    async (error: unknown) => {
      // It was encrypted under a key that the server no longer has; with a new login the next try succeeds.
      if (error instanceof Failure && error.code === 'session_key_stale') await logIn();
      throw error;
    },
  );
  const { purePhoneNumber, countryCode } = opened.data as { purePhoneNumber?: string; countryCode?: string };
  if (purePhoneNumber === undefined) throw new Failure('wechat_failed', 502);
  return claimTickets({ phone: `+${countryCode ?? '86'}${purePhoneNumber}` });
}

/** What the QR code of a ticket shows now; undefined when this phone cannot make it. */
export async function codeToShow(ticket: MyTicket): Promise<string | undefined> {
  if (!ticket.rotating) return ticket.code;
  const device_secret = deviceSecret();
  if (device_secret === undefined) return undefined;
  const shown = await rule<{ code: string }>('show_rotating', { code: ticket.code, device_secret, at: clock.now() });
  return shown?.code;
}
