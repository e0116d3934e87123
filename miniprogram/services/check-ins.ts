/** What happened on a check-in list. */
import type { Schemas } from './http';
import { call } from './session';

export type CheckInRecord = Schemas['CheckInRecord'];
type Stats = Schemas['Stats'];
export type DeviceRecord = Schemas['DeviceRecord'];

const PAGE = 30;

/** Newest first; `cursor` is the `next_cursor` of the page before. */
export function fetchHistory(
  list_id: string,
  { cursor, status }: { cursor?: string; status?: 'ok' | 'error' } = {},
): Promise<Schemas['Page_CheckInRecord']> {
  return call('get', '/api/v1/check-in-lists/{id}/check-ins', {
    path: { id: list_id },
    query: { limit: PAGE, cursor, status },
  });
}

export function fetchStats(list_id: string): Promise<Stats> {
  return call('get', '/api/v1/check-in-lists/{id}/stats', { path: { id: list_id } });
}

export async function fetchDevices(list_id: string): Promise<DeviceRecord[]> {
  const { items } = await call('get', '/api/v1/check-in-lists/{id}/devices', { path: { id: list_id } });
  return items;
}
