/** The engineer's own open orders as the server gave them last, readable without network. */
import { ask } from './asking';
import * as clock from './clock';
import { current } from './session';
import { read, write } from './storage';
import type { Page, WorkOrder, WorkOrderItem } from './work-order-types';
import { fetchOrder } from './work-orders';

const MOST = 100;
/** As many in full as fit well into what WeChat lets a mini program keep under one name. */
const IN_FULL = 60;

export interface OwnOrders {
  organization_id: string;
  person_id: string;
  items: WorkOrder[];
  seen_at: number;
}

const listeners = new Set<() => void>();

/** Called each time the phone has learned which orders are the engineer's. Answers a function that ends it. */
export function onOwnOrders(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the phone knows without asking. */
export function knownOwn(): OwnOrders | undefined {
  const kept = read('own_orders');
  const session = current();
  const own = kept?.organization_id === session?.organization.id && kept?.person_id === session?.person_id;
  return own ? kept : undefined;
}

export function knownOrder(id: string): WorkOrder | undefined {
  return knownOwn()?.items.find((order) => order.id === id);
}

/**
 * Orders that were fetched one after the other, with what the phone has learned of them meanwhile: newer versions,
 * orders that came, orders that went. `before` and `now`: what it knew at the beginning and knows at the end.
 */
export function merged<T extends Pick<WorkOrder, 'id' | 'version'>>(
  fetched: readonly T[],
  before: readonly T[],
  now: readonly T[],
): T[] {
  const listed = new Set(fetched.map(({ id }) => id));
  const old = new Set(before.map(({ id }) => id));
  const known = new Map(now.map((order) => [order.id, order]));
  const came = now.filter(({ id }) => !old.has(id) && !listed.has(id));
  const kept = fetched.flatMap((order) => {
    const newer = known.get(order.id);
    if (newer === undefined) return old.has(order.id) ? [] : [order];
    return newer.version > order.version ? [newer] : [order];
  });
  return [...came, ...kept];
}

/** Asks the server, and keeps each order in full. */
export async function fetchOwn(): Promise<WorkOrder[]> {
  const before = knownOwn()?.items ?? [];
  const query = { mine: true, limit: MOST };
  const { items } = await ask<Page<WorkOrderItem>>('get', '/api/v1/work-orders', { query });
  const full: WorkOrder[] = [];
  for (const item of items.slice(0, IN_FULL)) {
    const known = knownOrder(item.id);
    full.push(known?.version === item.version ? { ...known, ...item } : await fetchOrder(item.id));
  }
  const now = knownOwn()?.items;
  const orders = now === undefined ? full : merged(full, before, now);
  keep(orders);
  return orders;
}

/** Asks for one order; it is kept when it is the engineer's own. */
export async function fetchFieldOrder(id: string): Promise<WorkOrder> {
  const order = await fetchOrder(id);
  noteOrder(order);
  return order;
}

/** The order is another engineer's now. */
export function forgetOrder(id: string): void {
  const known = knownOwn()?.items ?? [];
  if (known.some((order) => order.id === id)) keep(known.filter((order) => order.id !== id));
}

const ENDED: readonly string[] = ['done', 'confirmed', 'closed', 'canceled'];

/** Keeps an order that came with an answer, or strikes it out when it is not the engineer's any more. */
export function noteOrder(order: WorkOrder): void {
  const own = order.engineer?.id === current()?.person_id && !ENDED.includes(order.state);
  const known = knownOwn()?.items ?? [];
  const listed = known.some(({ id }) => id === order.id);
  if (!own && !listed) return;
  if (!own) keep(known.filter(({ id }) => id !== order.id));
  else if (listed) keep(known.map((one) => (one.id === order.id ? order : one)));
  else keep([order, ...known]);
}

function keep(items: WorkOrder[]): void {
  const session = current();
  if (session === undefined) return;
  const own = { organization_id: session.organization.id, person_id: session.person_id };
  try {
    write('own_orders', { ...own, items, seen_at: clock.now() });
  } catch (error) {
    console.warn('the phone cannot keep the orders', error);
  }
  for (const listener of [...listeners]) listener();
}
