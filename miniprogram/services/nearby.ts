/** Orders that wait for somebody, by their distance. */
import { ask } from './asking';
import type { Fix, Page, Point, State, WorkOrder, WorkOrderItem } from './work-order-types';

const PAGE = 20;

export interface WaitingOrder extends WorkOrderItem {
  /** From the origin of the first page. */
  distance_meters?: number | null;
  moves?: WorkOrder['moves'];
}

export interface NearbyFilter {
  state?: State;
  skill?: string;
  /** RFC 3339. */
  due_before?: string;
}

export interface NearbyPage extends Page<WaitingOrder> {
  /** From where the distances count. */
  origin: Point;
}

/** The first page from where somebody is, or the one after a cursor: that keeps its origin while the phone moves. */
export function fetchNearby(near: Point, filter: NearbyFilter, cursor?: string): Promise<NearbyPage> {
  const query = { near: `${near.latitude},${near.longitude}`, ...filter, limit: PAGE, cursor };
  return ask('get', '/api/v1/work-orders', { query });
}

/** How old a fix is at a moment, in whole minutes. */
export function ageInMinutes(fix: Pick<Fix, 'fixed_at'>, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(fix.fixed_at)) / 60_000));
}
