/** Whose everything is that is done in the field. */
import type { Owner } from './act-queue';
import { current } from './session';

/** Who is logged in; nothing is done in the field without. */
export function owner(): Owner | undefined {
  const session = current();
  return session && { organization_id: session.organization.id, person_id: session.person_id };
}
