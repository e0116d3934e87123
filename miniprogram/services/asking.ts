/** Calls that the OpenAPI document does not know, or whose answers have narrower types in `work-order-types.ts`. */
import { type Method, send } from './http';
import { call, openly } from './session';

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  timeout?: number;
}

type Untyped<T> = (method: Method, path: string, parts: Parts, last?: string) => Promise<T>;

/** As the person who is logged in. */
export function ask<T>(method: Method, path: string, parts: Parts = {}, organization_id?: string): Promise<T> {
  return (call as unknown as Untyped<T>)(method, path, parts, organization_id);
}

/** As whoever is there: see `openly`. */
export function askOpenly<T>(method: Method, path: string, parts: Parts = {}, organization_id?: string): Promise<T> {
  return openly((token) => (send as unknown as Untyped<T>)(method, path, parts, token), organization_id);
}
