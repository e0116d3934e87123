/** What engineers have done on this phone, when one of them is deleted. */
import type { Owner } from './act-queue';
import { read, write } from './storage';
import { filesOf } from './visit-drafts';

/** Removes what this person has done here; answers the keys of the media that others still need. */
export function forgetField(person: Owner | undefined): string[] {
  const others = <T extends Owner>(kept: readonly T[] | undefined): T[] =>
    (kept ?? []).filter(
      ({ organization_id, person_id }) => organization_id !== person?.organization_id || person_id !== person.person_id,
    );
  const acts = others(read('field_acts'));
  const drafts = others(read('visit_drafts'));
  write('field_acts', acts);
  write('visit_drafts', drafts);
  write('field_news', others(read('field_news')));
  return [...acts.flatMap(({ files }) => files), ...drafts.flatMap(filesOf)];
}
