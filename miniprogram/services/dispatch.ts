/** What a dispatcher sees and decides. */
import { ask } from './asking';
import type { Schemas } from './http';
import { call } from './session';
import type { Fix, Page, Point, State, WorkOrderItem } from './work-order-types';

const PAGE = 30;

export interface OrderFilter {
  state?: State;
  engineer_id?: string;
  open?: boolean;
  /** RFC 3339. */
  due_before?: string;
}

/** All orders of the organization, newest first. */
export function fetchOrders(filter: OrderFilter, cursor?: string): Promise<Page<WorkOrderItem>> {
  return ask('get', '/api/v1/work-orders', { query: { ...filter, cursor, limit: PAGE } });
}

export interface Engineer {
  id: string;
  name?: string | null;
  open_work_orders: number;
  last_fix?: (Pick<Fix, 'latitude' | 'longitude' | 'fixed_at'> & { accuracy?: number | null }) | null;
  distance_meters?: number | null;
}

/** Engineers with their load, and how far they were when last seen. */
export async function fetchEngineers(near?: Point | null): Promise<Engineer[]> {
  const query = near ? { near: `${near.latitude},${near.longitude}` } : {};
  const { items } = await ask<Page<Engineer>>('get', '/api/v1/engineers', { query });
  return items;
}

/** Nearest first where both are known, else by load. */
export function byFitness(one: Engineer, other: Engineer): number {
  const far = Number.MAX_SAFE_INTEGER;
  const distance = (one.distance_meters ?? far) - (other.distance_meters ?? far);
  return distance !== 0 ? distance : one.open_work_orders - other.open_work_orders;
}

/** A unit whose position a customer has told. */
export type UnitRegistration = Schemas['RegistrationToDecide'];

export function fetchRegistrations(cursor?: string): Promise<Schemas['Page_RegistrationToDecide']> {
  return call('get', '/api/v1/equipment-registrations', { query: { status: 'pending', cursor, limit: PAGE } });
}

/** Verifies or rejects a registration as it was looked at. */
export function decideRegistration(
  { id, version }: Pick<UnitRegistration, 'id' | 'version'>,
  decision: 'verify' | 'reject',
  reason?: string,
): Promise<UnitRegistration> {
  const body = { decision, reason, version };
  return call('post', '/api/v1/equipment-registrations/{id}/decision', { path: { id }, body });
}
