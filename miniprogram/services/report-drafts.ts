/** Reports as they are written: kept on the phone while typing, and until the server has them. */
import { dropMedia, renameMedia } from './media';
import { randomHex } from './random';
import { read, write } from './storage';
import type { UtcOffset } from './time';
import type { FaultType, PickedPlace, Unit } from './work-order-types';

/** A report that is being written or waits to be sent. It stays the same however often it is sent. */
export interface ReportDraft {
  draft_id: string;
  /** Where it belongs. */
  organization_id: string;
  organization: string;
  /** Of the clocks there; absent in what older versions have kept. */
  utc_offsets?: UtcOffset[];
  unit: { code: string; model: string; serial_number: string };
  /** What the organization calls its faults, for writing without network. */
  fault_types: FaultType[];
  fault_type: string;
  text: string;
  /** Keys of media that the phone keeps. */
  media: string[];
  name: string;
  phone: string;
  preferred?: { from: string; until: string };
  place?: PickedPlace;
  /** The person has seen that there is an open order, and wants a report of its own. */
  separate: boolean;
  /**
   * The open order to which this is added instead; its id where the person may see it. `over`: it takes no more.
   * `arrived`: this very draft had made it, and was changed before that was known.
   */
  adds_to?: { number: string; id?: string; over?: boolean; arrived?: boolean };
  /** UTC epoch milliseconds. */
  written_at: number;
  /** It was sent as a person of the organization, so it waits until they are logged in there. */
  as_person: boolean;
  /** The person has tapped "send": it goes by itself once there is a network. */
  waiting: boolean;
  /** Why the server has refused it, and the person has to look at it again; or why it waits, beside the network. */
  problem?: string;
}

const listeners = new Set<() => void>();

/** Tells each time a draft was kept or dropped. Answers a function that ends it. */
export function onDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** The order in which they were written last, newest first. */
export function drafts(): ReportDraft[] {
  return read('report_drafts') ?? [];
}

export function draft(draft_id: string): ReportDraft | undefined {
  return drafts().find((one) => one.draft_id === draft_id);
}

/** Those that wait for a network. */
export function waitingDrafts(): ReportDraft[] {
  return drafts().filter(({ waiting }) => waiting);
}

/** The draft that was begun for a unit, or for adding to one of its orders. */
export function draftOf(code: string, adds_to?: string): ReportDraft | undefined {
  return drafts().find(({ unit, adds_to: to }) => unit.code === code && to?.number === adds_to);
}

/** A draft about a unit; the phone keeps it once something is written. */
export async function newDraft(
  { code, model, serial_number, organization, fault_types }: Unit,
  adds_to?: ReportDraft['adds_to'],
): Promise<ReportDraft> {
  return {
    draft_id: await randomHex(16),
    organization_id: organization.id,
    organization: organization.name,
    utc_offsets: organization.utc_offsets,
    unit: { code, model, serial_number },
    fault_types,
    fault_type: '',
    text: '',
    media: [],
    name: '',
    phone: '',
    separate: false,
    ...(adds_to !== undefined && { adds_to }),
    written_at: 0,
    as_person: false,
    waiting: false,
  };
}

/** False when the phone has no room. */
export function keepDraft(kept: ReportDraft): boolean {
  try {
    write('report_drafts', [kept, ...drafts().filter(({ draft_id }) => draft_id !== kept.draft_id)]);
    tell();
    return true;
  } catch (error) {
    console.error('the phone cannot keep a report', error);
    return false;
  }
}

/** The same draft and media under other names: the server knows those that they have for something else. */
export async function renameDraft(before: ReportDraft): Promise<ReportDraft> {
  const renamed = { ...before, draft_id: await randomHex(16), media: await renameMedia(before.media) };
  write('report_drafts', [renamed, ...drafts().filter(({ draft_id }) => draft_id !== before.draft_id)]);
  tell();
  return renamed;
}

/** Removes a draft, and its photos and video from the phone. */
export function dropDraft(draft_id: string): void {
  const gone = draft(draft_id);
  if (gone === undefined) return;
  write(
    'report_drafts',
    drafts().filter((one) => one.draft_id !== draft_id),
  );
  dropMedia(gone.media);
  tell();
}

/** Whether anything was written that is worth keeping. */
export function isWritten({ text, media, fault_type, name, phone, place, preferred }: ReportDraft): boolean {
  return (
    [text.trim(), name.trim(), phone.trim(), fault_type].some((value) => value !== '') ||
    media.length > 0 ||
    !!place ||
    !!preferred
  );
}
