/** Roles in words. */
import { texts } from '../texts/index';
import type { Schemas } from './http';

/** Somebody without a role is a guest. */
export function rolesText(roles: readonly Schemas['Role'][]): string {
  const all = texts();
  return (roles.length > 0 ? roles : (['guest'] as const)).map((role) => all.roles[role]).join(all.verdict.and);
}
