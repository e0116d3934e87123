/** This phone: its name in check-ins, and the key that signs rotating tickets. */
import { rule } from '../core/index';
import { randomHex } from './random';
import { read, write } from './storage';

let id: string | undefined;

/** The phone's name in check-ins; made at its first scan. */
export async function deviceId(): Promise<string> {
  id ??= read('device_id');
  if (id !== undefined) return id;
  id = await randomHex(8);
  try {
    write('device_id', id);
  } catch (error) {
    // A full phone has a name for as long as the mini program runs.
    console.warn('the phone cannot keep its name', error);
  }
  return id;
}

/** The secret behind the public key; undefined until a ticket was claimed here. */
export function deviceSecret(): string | undefined {
  return read('device_secret');
}

/** The public key to name in a claim; undefined where the rules cannot run, and then no ticket rotates here. */
export async function deviceKey(): Promise<string | undefined> {
  const secret = deviceSecret() ?? (await randomHex(32));
  const answer = await rule<{ device_key: string }>('device_key', { device_secret: secret });
  if (answer === undefined) return undefined;
  write('device_secret', secret);
  return answer.device_key;
}
