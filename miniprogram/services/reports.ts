/**
 * Sends reports. One is kept on the phone until the server has answered it, and its `draft_id` makes a second sending
 * harmless; so a lost network or a closed mini program loses none, and doubles none.
 */
import * as clock from './clock';
import { asFailure, explain, type Failure } from './failure';
import { forgetUploads } from './media';
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
  if (found === undefined) return { kind: 'refused', problem: explain(undefined), code: 'internal', complaints: {} };
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
      return send(made);
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

/** These speak of the moment, not of the report. */
const PASSING: readonly number[] = [408, 425, 429];

function settle(made: ReportDraft, failure: Failure): Sent {
  const { code, status, offline, login, fields, document } = failure;
  const problem = explain(failure);
  if (offline || login || status >= 500 || PASSING.includes(status)) return { kind: 'waiting', code, problem, offline };
  const order = document['work_order'] as OpenOrder | undefined;
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

/** The order takes no more: what began as a report is one again, and an addition may be made one. */
function refusedAddition(made: ReportDraft, code: string): Refused | undefined {
  const { adds_to, ...alone } = made;
  if (adds_to === undefined || (code !== 'conflict' && code !== 'not_found')) return undefined;
  const t = texts().report;
  if (made.fault_type !== '') return { ...alone, problem: t.order_over };
  return { ...made, adds_to: { ...adds_to, over: true }, problem: t.addition_over };
}

async function send(made: ReportDraft): Promise<Sent> {
  const { draft_id, organization_id, unit, adds_to } = made;
  const owner = { organization_id, draft: { draft_id, equipment_code: unit.code } };
  const media_ids = await uploadAll(made.media, owner);
  if (adds_to !== undefined) {
    const body = { draft_id, text: made.text.trim(), media_ids };
    if (adds_to.id !== undefined) await addToOrder(adds_to.id, body);
    else await addAtUnit(unit.code, { ...body, number: adds_to.number }, organization_id);
    return { kind: 'added', number: adds_to.number, ...(adds_to.id !== undefined && { id: adds_to.id }) };
  }
  const order = await report(bodyOf(made, media_ids), organization_id);
  if (!order.follow) return { kind: 'sent', number: order.number, id: order.id };
  keepSent({
    number: order.number,
    organization_id,
    organization: made.organization,
    utc_offsets: made.utc_offsets,
    model: unit.model,
    sent_at: clock.now(),
    state: order.state as State,
    follow: order.follow,
    own: true,
  });
  return { kind: 'sent', number: order.number, follow: order.follow };
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
