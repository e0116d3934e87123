/** What the business knows of the person, and what they can do about it. */
import { leadsTo } from './arrival';
import { forgetField } from './field-forgetting';
import { owner } from './field-queue';
import type { Schemas } from './http';
import { dropAllMedia } from './media';
import { type Binding, call, current, logIn, logOut, refreshMe } from './session';
import { forget, STORED_KEYS, type StoredKey } from './storage';

export type Profile = Schemas['Profile'];
export type MyOrganization = Schemas['MyOrganization'];

export function fetchProfile(): Promise<Profile> {
  return call('get', '/api/v1/me/profile', {});
}

/** The organizations in which the person is known through this mini program. */
export async function fetchOrganizations(): Promise<MyOrganization[]> {
  const { items } = await call('get', '/api/v1/me/organizations', {});
  return items;
}

/**
 * Binds the WeChat user to an account of the business. Whoever is logged out, or in another organization than `scene`
 * names, is then in with it.
 */
export async function bindAccount(binding: Binding, scene: string): Promise<void> {
  const session = current();
  if (session === undefined || !leadsTo(scene, session.scene)) await enterBound(binding, scene);
  else await call('post', '/api/v1/me/binding', { body: binding });
  await refreshMe().catch(() => undefined);
}

/** Logs in with the account; a link leads to its organization by itself. */
export async function enterBound(binding: Binding, scene = ''): Promise<void> {
  await logIn({ binding, ...(scene !== '' && { scene }) });
}

export async function unbindAccount(): Promise<void> {
  await call('delete', '/api/v1/me/binding', {});
  await refreshMe().catch(() => undefined);
}

/** Scans that wait are about guests; what engineers have done belongs to each of them. */
const STAYS: readonly StoredKey[] = [
  'waiting_scans',
  'language',
  'field_acts',
  'field_news',
  'visit_drafts',
  'local_media',
];

/** Deletes the person from the server, then from the phone. */
export async function forgetMe(): Promise<Schemas['Forgotten']> {
  const person = owner();
  const forgotten = await call('delete', '/api/v1/me', {});
  await logOut();
  dropAllMedia(forgetField(person));
  forget(...STORED_KEYS.filter((key) => !STAYS.includes(key)));
  return forgotten;
}
