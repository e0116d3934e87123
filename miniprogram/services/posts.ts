/** A post: the list and gate at which this phone scans, with what the rules need to read codes there. */
import type { Schemas } from './http';
import { call, current } from './session';
import { read, write } from './storage';

export type Event = Schemas['Event'];
export type CheckInList = Schemas['CheckInListView'];
export type Direction = Schemas['ScanType'];

export interface Post {
  /** Scans made here are sent to this organization, and to no other. */
  organization_id: string;
  event: Pick<Event, 'id' | 'name' | 'utc_offsets'>;
  list: Pick<CheckInList, 'id' | 'name' | 'gates' | 'include_pending'>;
  /** Undefined on a list without gates. */
  gate?: string;
  direction: Direction;
  /** The event's public keys: they tell genuine codes from others without network. */
  keys: Schemas['EventKeyView'][];
}

export function currentPost(): Post | undefined {
  const post = read('post');
  return post !== undefined && post.organization_id === current()?.organization.id ? post : undefined;
}

/** Every event, each with its lists. */
export async function fetchLists(): Promise<{ event: Event; lists: CheckInList[] }[]> {
  const { items: events } = await call('get', '/api/v1/events', { query: { limit: 200 } });
  return Promise.all(
    events.map(async (event) => {
      const { items } = await call('get', '/api/v1/events/{id}/check-in-lists', { path: { id: event.id } });
      return { event, lists: items };
    }),
  );
}

/** Takes a post, for entries at first. */
export async function takePost(event: Event, list: CheckInList, gate: string | undefined): Promise<void> {
  const { items: keys } = await call('get', '/api/v1/events/{id}/keys', { path: { id: event.id } });
  write('post', {
    organization_id: current()?.organization.id ?? '',
    event: { id: event.id, name: event.name, utc_offsets: event.utc_offsets },
    list: { id: list.id, name: list.name, gates: list.gates, include_pending: list.include_pending },
    ...(gate !== undefined && { gate }),
    direction: 'entry',
    keys,
  });
}

/** Learns keys that were added since; without network the known ones have to do. */
export async function refreshKeys(): Promise<void> {
  const post = currentPost();
  if (post === undefined) return;
  const { items: keys } = await call('get', '/api/v1/events/{id}/keys', { path: { id: post.event.id } });
  const now = currentPost();
  if (now?.event.id === post.event.id) write('post', { ...now, keys });
}

export function turn(direction: Direction): Post | undefined {
  const post = currentPost();
  if (post === undefined) return undefined;
  const turned = { ...post, direction };
  write('post', turned);
  return turned;
}
