/** Visits whose end went wrong: refused later, made elsewhere, or never possible. */
import type { QueuedAct, Refusal } from '../../../services/act-queue';
import type { CheckOutDone, FieldAct } from '../../../services/field-acts';
import { dropAct, fieldActs } from '../../../services/field-queue';
import { keepVisit, openVisit, type VisitDraft, type VisitForm } from '../../../services/visit-drafts';
import type { Visit } from '../../../services/visits';

/** A check-out that the server has refused and that the engineer can put right. */
function refusedEnd(order_id: string): (FieldAct & CheckOutDone) | undefined {
  return fieldActs(order_id).find(
    (act): act is FieldAct & CheckOutDone =>
      act.kind === 'check_out' && act.refused !== undefined && act.refused.code !== 'already_checked_out',
  );
}

/** Whether the engineer has to end a visit of this order, for the first time or better. */
export function hasVisitToEnd(order_id: string): boolean {
  return openVisit(order_id) !== undefined || refusedEnd(order_id) !== undefined;
}

/** Opens a visit whose check-out was refused, as it was written; answers why it was. Nothing where another is open. */
export function takeBack(order_id: string): Refusal | undefined {
  const act = refusedEnd(order_id);
  if (act?.refused === undefined || openVisit(order_id) !== undefined) return undefined;
  const { organization_id, person_id, visit_key, order, made_at, began = { checked_in_at: made_at } } = act;
  const draft = { organization_id, person_id, visit_key, order_id, order, ...began, form: formOf(act) };
  // Without room for it the act stays where it is, too.
  if (keepVisit(draft)) dropAct(act.key, 'stay');
  return act.refused;
}

/**
 * Why a visit that the phone takes for open is none: it was ended elsewhere, or the server has never heard of it.
 * `acts`: those of the order before the server was asked for `visits`.
 */
export function whyOver(
  { visit_key }: Pick<VisitDraft, 'visit_key'>,
  visits: readonly Pick<Visit, 'visit_key' | 'check_out'>[],
  acts: readonly FieldAct[],
): 'ended' | 'unknown' | undefined {
  const here = acts.some((act) => act.key === visit_key || (act.kind === 'check_out' && act.visit_key === visit_key));
  if (here) return undefined;
  const known = visits.find((visit) => visit.visit_key === visit_key);
  if (known === undefined) return 'unknown';
  return known.check_out ? 'ended' : undefined;
}

/** The form from which a check-out was made, without the photos that the server will never take. */
export function formOf(act: CheckOutDone & Pick<QueuedAct, 'files' | 'refused_files'>): VisitForm {
  const { result, text, reason = '', signature, signer_name = '', refused_files = [] } = act;
  const files = act.files.filter((key) => !refused_files.includes(key));
  return {
    result,
    text,
    reason,
    parts: act.parts.map(({ name, number = '', quantity, unit = '' }, key) => ({
      key: String(key),
      name,
      number,
      quantity,
      unit,
    })),
    labor: act.labor.map(({ kind, minutes }, key) => ({ key: String(key), kind, minutes: String(minutes) })),
    photos: files.filter((key) => key !== signature),
    ...(signature !== undefined && files.includes(signature) && { signature }),
    signer_name,
  };
}
