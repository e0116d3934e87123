/**
 * What an engineer does is written down on the phone before it is sent; see `act-queue.ts`. It waits for the person and
 * the organization where it was done, and goes there as soon as they can be reached.
 */
import { ActQueue, type Outcome, type Owner } from './act-queue';
import { asFailure, Failure } from './failure';
import { actOf, orderLane, type About, type CheckOutDone, type Deed, type FieldAct } from './field-acts';
import { owner } from './field-owner';
import { sendAct, type ActAnswer } from './field-sending';
import { dropMedia } from './media';
import { onNetwork } from './network';
import { forgetOrder, noteOrder } from './own-orders';
import { read, write } from './storage';
import { EMPTY_FORM, endVisit, keepVisit, openVisit } from './visit-drafts';
import type { WorkOrder } from './work-order-types';
import { currentOrderIn } from './work-orders';

export { owner };

/** Where the signal is bad, the phone hardly ever says that the network has gone or come. */
const AGAIN_AFTER = 30_000;

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of [...listeners]) listener();
}

const queue = new ActQueue<FieldAct, ActAnswer>({
  read: () => read('field_acts') ?? [],
  write: (acts) => write('field_acts', acts),
  changed: tell,
  owner,
  send: async (act, changed) => {
    try {
      const answer = await sendAct(act, changed);
      if (answer.work_order !== undefined) noteOrder(answer.work_order);
      else if (act.kind !== 'day_point') forgetOrder(act.order.id);
      dropMedia(act.files);
      if (act.kind === 'check_out') endVisit(act.visit_key, 'go');
      if (answer.conflict !== undefined && act.kind !== 'day_point') note(act, answer.conflict);
      return answer;
    } catch (error) {
      const order = currentOrderIn<WorkOrder>(error);
      if (order !== undefined) noteOrder(order);
      // It was ended from elsewhere; the files belong to the act until it is given up.
      const ended = error instanceof Failure && error.code === 'already_checked_out';
      if (ended && act.kind === 'check_out') endVisit(act.visit_key, 'stay');
      throw error;
    }
  },
  versionOf: ({ work_order, conflict }) => (conflict === undefined ? work_order?.version : undefined),
  failureOf: asFailure,
});

/** Called each time something was written down, sent or refused. Answers a function that ends it. */
export function onFieldActs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What waits or was refused, of this person in this organization; of one work order when it is named. */
export function fieldActs(order_id?: string): FieldAct[] {
  return queue.own().filter(({ lane }) => order_id === undefined || lane === orderLane(order_id));
}

/** Something about an act that the server took, and that its engineer should know. */
export interface FieldNews extends Owner {
  key: string;
  order: About;
  /** Why the visit did not move the order. */
  conflict: string;
}

function note({ key, order, organization_id, person_id }: FieldAct & { order: About }, conflict: string): void {
  try {
    write('field_news', [...(read('field_news') ?? []), { key, order, organization_id, person_id, conflict }]);
  } catch (error) {
    console.warn('the phone cannot keep what the server has noted', error);
  }
}

/** What this person has not seen yet. */
export function fieldNews(): FieldNews[] {
  const who = owner();
  return (read('field_news') ?? []).filter(
    ({ organization_id, person_id }) => organization_id === who?.organization_id && person_id === who.person_id,
  );
}

export function dismissNews(key: string): void {
  write(
    'field_news',
    (read('field_news') ?? []).filter((news) => news.key !== key),
  );
  tell();
}

/** How many acts wait for somebody or somewhere else. */
export function fieldActsElsewhere(): number {
  return queue.elsewhere();
}

/** All that waits on this phone. */
export function allFieldActs(): FieldAct[] {
  return queue.all();
}

interface More {
  key?: string;
  files?: string[];
  /** The order on which it was done, as the server gave it last. */
  on?: Pick<WorkOrder, 'id' | 'version'>;
}

/** What became of a deed at first. */
export interface Performed {
  key: string;
  /** False when the phone had no room to write it down. */
  saved: boolean;
  outcome: Outcome<ActAnswer>;
}

/** Writes a deed down and sends it; `undefined` when nobody is logged in. */
export async function perform(deed: Deed, { key, files, on }: More = {}): Promise<Performed | undefined> {
  const who = owner();
  if (who === undefined) return undefined;
  const seen = on && { version: on.version, follows: fieldActs(on.id).some(({ refused }) => refused === undefined) };
  const act = await actOf(deed, who, { key, files, seen });
  const saved = queue.add(act);
  const outcome = await soon(queue.perform(act));
  if (outcome.kind === 'kept') againLater();
  return { key: act.key, saved, outcome };
}

/** Nobody waits longer than this for an answer: what is slow is on its way, and the page says so. */
const PATIENCE = 8_000;

function soon(outcome: Promise<Outcome<ActAnswer>>): Promise<Outcome<ActAnswer>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'kept' }), PATIENCE);
    void outcome.then((known) => {
      clearTimeout(timer);
      resolve(known);
    });
  });
}

let timer = 0;

function againLater(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void sendFieldActs(), AGAIN_AFTER);
}

/** Sends what waits. Tries again by itself for as long as something waits. */
export async function sendFieldActs(): Promise<void> {
  clearTimeout(timer);
  await queue.flush();
  if (queue.own().some(({ refused }) => refused === undefined)) againLater();
}

/** Called once, when the mini program starts. */
export function watchFieldActs(): void {
  void sendFieldActs();
  onNetwork((online) => {
    if (online) void sendFieldActs();
  });
}

/** Sends a refused act again, on the order as it is now, and without the files that were refused. */
export function retryAct(key: string, version?: number): Promise<void> {
  return queue.retry(key, version);
}

/** The end of a visit that waits on this phone or was refused. */
export function endOf(visit_key: string): (FieldAct & CheckOutDone) | undefined {
  return fieldActs().find(
    (act): act is FieldAct & CheckOutDone => act.kind === 'check_out' && act.visit_key === visit_key,
  );
}

/**
 * Gives up an act, which only the person may do. `files`: whether a page still needs its photos. A visit without its
 * check-in never was, and one without its check-out goes on.
 */
export function dropAct(key: string, files: 'stay' | 'go' = 'go'): void {
  const act = queue.drop(key);
  if (act === undefined) return;
  if (files === 'go') dropMedia(act.files);
  if (act.kind === 'check_in') {
    endVisit(key, 'go');
    const end = endOf(key);
    if (end !== undefined && queue.drop(end.key) !== undefined) dropMedia(end.files);
  }
  if (act.kind === 'check_out' && files === 'go') goOn(act);
}

/** The visit is open again, with nothing written for its end. */
function goOn({ visit_key, order, began, refused, organization_id, person_id }: FieldAct & CheckOutDone): void {
  const over = refused?.code === 'already_checked_out';
  if (began === undefined || over || openVisit(order.id) !== undefined) return;
  keepVisit({ organization_id, person_id, visit_key, order_id: order.id, order, ...began, form: EMPTY_FORM });
}
