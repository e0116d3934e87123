/** Calls whose types are written by hand, in `work-order-types.ts`. */
import { type Method, type Path, send } from './http';
import { call, openly } from './session';

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  timeout?: number;
}

/** As the person who is logged in. */
export function ask<T>(method: Method, path: string, parts: Parts = {}, organization_id?: string): Promise<T> {
  return call(method, path as Path, parts as never, organization_id) as Promise<T>;
}

/** As whoever is there: see `openly`. */
export function askOpenly<T>(method: Method, path: string, parts: Parts = {}, organization_id?: string): Promise<T> {
  return openly((token) => send(method, path as Path, parts as never, token) as Promise<T>, organization_id);
}
