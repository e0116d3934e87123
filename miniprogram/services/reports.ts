/**
 * Sends reports. One is kept on the phone until the server has answered it, and its `draft_id` makes a second sending
 * harmless; so a lost network or a closed mini program loses none, and doubles none.
 */
import * as clock from './clock';
import { asFailure, explain, Failure } from './failure';
import { forgetUploads, keptMedia } from './media';
import { isOpen } from './order-looks';
import { draft as draftById, dropDraft, keepDraft, type ReportDraft } from './report-drafts';
import { complaintsIn, type Complaints } from './report-check';
import { keepSent } from './sent-reports';
import { current } from './session';
import { uploadAll } from './uploads';
import { addAtUnit, addToOrder, report } from './work-orders';
import type { Follow, OpenOrder, Report, State } from './work-order-types';
import { filled, texts } from '../texts/index';

/** What came of sending. */
export type Sent =
  | { kind: 'sent'; number: string; id?: string; follow?: Follow }
  /** It was added to an open order. */
  | { kind: 'added'; number: string; id?: string }
  /**
   * It goes by itself later: there is no network (`offline`: nothing came back), the server is in trouble, or the person
   * has to be logged in where it belongs.
   */
  | { kind: 'waiting'; code: string; problem: string; offline: boolean }
  /** The unit has an open order already; the person decides. */
  | { kind: 'open'; order: OpenOrder }
  /** It was thrown away before it went. */
  | { kind: 'gone' }
  /** The person has to change something. */
  | { kind: 'refused'; problem: string; code: string; complaints: Complaints };

const running = new Map<string, Promise<Sent>>();
/** What the server has taken in this run; a page may ask again for what was sent while it was hidden. */
const taken = new Map<string, Sent>();

/** Sends a draft that the phone keeps; a second call joins the first. */
export function sendDraft(draft_id: string): Promise<Sent> {
  const started = running.get(draft_id);
  if (started !== undefined) return started;
  // Whoever is told of the draft while it is tried finds that it is.
  const done = Promise.resolve()
    .then(() => attempt(draft_id))
    .finally(() => running.delete(draft_id));
  running.set(draft_id, done);
  return done;
}

/** What is coming of a draft that is being sent just now. */
export function sendingOf(draft_id: string): Promise<Sent> | undefined {
  return running.get(draft_id);
}

const isHere = ({ organization_id }: ReportDraft): boolean => current()?.organization.id === organization_id;

/** Asks for the login without which a report cannot go: it was sent as a person of its organization. Else empty. */
export function missingLogin(draft: ReportDraft): string {
  const missing = draft.waiting && draft.as_person && !isHere(draft);
  return missing ? filled(texts().report.log_in_to, { organization: draft.organization }) : '';
}

async function attempt(draft_id: string): Promise<Sent> {
  const found = draftById(draft_id);
  const known = taken.get(draft_id);
  if (found === undefined && known !== undefined) return known;
  if (found === undefined) return { kind: 'gone' };
  const missing = missingLogin(found);
  if (missing !== '') return { kind: 'waiting', code: 'unauthenticated', problem: missing, offline: false };
  const { problem: _, ...clean } = found;
  const made: ReportDraft = { ...clean, as_person: isHere(found), waiting: true };
  keepDraft(made);
  try {
    const sent = await send(made).catch(async (error: unknown) => {
      // What lay on the server unused was removed there; it is still on the phone.
      if (!lostMedia(asFailure(error))) throw error;
      forgetUploads(made.media);
      return send(made).catch((again: unknown) => {
        const failure = asFailure(again);
        if (made.adds_to?.arrived !== true || !lostMedia(failure)) throw again;
        return send(withoutAttached(made, failure));
      });
    });
    taken.set(draft_id, sent);
    dropDraft(draft_id);
    return sent;
  } catch (error) {
    return settle(made, asFailure(error));
  }
}

const lostMedia = ({ code, fields }: Failure): boolean =>
  code === 'invalid_field' && fields.some(({ field }) => field.startsWith('media_ids'));

/** Without what the server refuses though it was just uploaded: the report that had arrived has brought it. */
function withoutAttached(made: ReportDraft, { fields }: Failure): ReportDraft {
  const refused = fields.map(({ field }) => field);
  const media = keptMedia(made.media).filter((_, place) => !refused.includes(`media_ids[${place}]`));
  return { ...made, media: media.map(({ key }) => key) };
}

const TOO_SLOW = 408;
/** These speak of the moment, not of the report. */
const PASSING: readonly number[] = [TOO_SLOW, 425, 429];

function settle(made: ReportDraft, failure: Failure): Sent {
  const { code, status, offline, login, fields, document } = failure;
  const problem = explain(failure);
  if (draftById(made.draft_id) === undefined) return { kind: 'gone' };
  if (offline || login || status >= 500 || PASSING.includes(status)) {
    // It is not the network for which it waits.
    if (!offline && status !== TOO_SLOW) keepDraft({ ...made, problem });
    return { kind: 'waiting', code, problem, offline };
  }
  const order = document['work_order'] as OpenOrder | undefined;
  if (code === 'draft_reused' && order !== undefined) {
    const addition = afterArrival(made, order, document['follow'] as Follow | undefined);
    keepDraft(addition);
    return { kind: 'refused', problem: addition.problem, code, complaints: {} };
  }
  if (code === 'open_work_order_exists' && order !== undefined) {
    keepDraft({ ...made, waiting: false, problem });
    return { kind: 'open', order };
  }
  const complaints = complaintsIn(fields);
  const refused = refusedAddition(made, code) ?? { ...made, problem: Object.values(complaints)[0] ?? problem };
  keepDraft({ ...refused, waiting: false });
  return { kind: 'refused', problem: refused.problem, code, complaints };
}

type Refused = ReportDraft & { problem: string };

/** It had arrived when its answer was lost, and was changed since: what it is now may be added to its order. */
function afterArrival(made: ReportDraft, order: OpenOrder, follow: Follow | undefined): Refused {
  const { number, id, state, submitted_at } = order;
  if (follow !== undefined) noteSent(made, { number, state, follow }, Date.parse(submitted_at));
  const over = !isOpen(state);
  const t = texts().report;
  return {
    ...made,
    // Without login, an order is reached by its unit alone.
    adds_to: { number, ...(id && follow === undefined && { id }), arrived: true, ...(over && { over }) },
    waiting: false,
    problem: filled(over ? t.arrived_over : t.arrived, { number }),
  };
}

/** The order takes no more: what began as a report is one again, and an addition may be made one. */
function refusedAddition(made: ReportDraft, code: string): Refused | undefined {
  const { adds_to, ...alone } = made;
  if (adds_to === undefined || (code !== 'conflict' && code !== 'not_found')) return undefined;
  const t = texts().report;
  if (made.fault_type !== '' && adds_to.arrived !== true) return { ...alone, problem: t.order_over };
  return { ...made, adds_to: { ...adds_to, over: true }, problem: t.addition_over };
}

async function send(made: ReportDraft): Promise<Sent> {
  const { draft_id, organization_id, unit, adds_to } = made;
  const owner = { organization_id, draft: { draft_id, equipment_code: unit.code } };
  const media_ids = await uploadAll(made.media, owner);
  // Uploads take their time.
  if (draftById(draft_id) === undefined) throw new Failure('draft_gone');
  if (adds_to !== undefined) {
    const body = { draft_id, text: made.text.trim(), media_ids };
    if (adds_to.id !== undefined) await addToOrder(adds_to.id, body);
    else await addAtUnit(unit.code, { ...body, number: adds_to.number }, organization_id);
    return { kind: 'added', number: adds_to.number, ...(adds_to.id !== undefined && { id: adds_to.id }) };
  }
  const order = await report(bodyOf(made, media_ids), organization_id);
  if (!order.follow) return { kind: 'sent', number: order.number, id: order.id };
  const { number, follow } = order;
  noteSent(made, { number, state: order.state as State, follow }, clock.now());
  return { kind: 'sent', number, follow };
}

/** Keeps the way back to what was reported without login. `sent_at`: UTC epoch milliseconds. */
function noteSent(
  { organization_id, organization, utc_offsets, unit: { model } }: ReportDraft,
  order: { number: string; state: State; follow: Follow },
  sent_at: number,
): void {
  keepSent({ ...order, organization_id, organization, utc_offsets, model, sent_at, own: true });
}

/** The report as the server takes it. */
export function bodyOf(made: ReportDraft, media_ids: string[]): Report {
  const { draft_id, unit, fault_type, preferred, place, separate } = made;
  const [name, phone, address] = [made.name.trim(), made.phone.trim(), place?.address || place?.name];
  return {
    draft_id,
    equipment_code: unit.code,
    fault_type,
    text: made.text.trim(),
    media_ids,
    contact: { ...(name && { name }), ...(phone && { phone }) },
    ...(preferred && { preferred }),
    ...(place && { position: { latitude: place.latitude, longitude: place.longitude } }),
    ...(address && { address }),
    separate,
  };
}

/** What came of a draft that is no longer kept. */
export function outcomeOf(draft_id: string): Sent | undefined {
  return taken.get(draft_id);
}
