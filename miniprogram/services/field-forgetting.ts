/** What engineers have done on this phone, when one of them is deleted. */
import type { Owner } from './act-queue';
import { forget, read, write } from './storage';
import { filesOf } from './visit-drafts';

/** Removes what this person has done here; answers the keys of the media that others still need. */
export function forgetField(person: Owner | undefined): string[] {
  const others = <T extends Owner>(kept: readonly T[] | undefined): T[] =>
    (kept ?? []).filter(
      ({ organization_id, person_id }) => organization_id !== person?.organization_id || person_id !== person.person_id,
    );
  const acts = others(read('field_acts'));
  const drafts = others(read('visit_drafts'));
  const news = others(read('field_news'));
  // Nothing of the person stays, not even an empty list.
  forget('field_acts', 'visit_drafts', 'field_news');
  if (acts.length > 0) write('field_acts', acts);
  if (drafts.length > 0) write('visit_drafts', drafts);
  if (news.length > 0) write('field_news', news);
  return [...acts.flatMap(({ files }) => files), ...drafts.flatMap(filesOf)];
}
