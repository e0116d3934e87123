/** Visits that have begun on this phone, with what was written for their end so far. */
import type { Owner } from './act-queue';
import type { Began, VisitedOrder, VisitResult } from './field-acts';
import { owner } from './field-owner';
import { dropMedia } from './media';
import { read, write } from './storage';
import type { TypedLine } from './visit-form';

/** What the engineer writes before leaving. */
export interface VisitForm {
  result: VisitResult;
  text: string;
  reason: string;
  /** As they are typed; `visit-form.ts` reads them. */
  parts: TypedLine[];
  labor: TypedLine[];
  /** Keys of photos. */
  photos: string[];
  /** Key of the customer's signature. */
  signature?: string;
  signer_name: string;
}

export interface VisitDraft extends Owner, Began {
  visit_key: string;
  order_id: string;
  /** For when the order is somebody else's; absent in what older versions have kept. */
  order?: VisitedOrder;
  form: VisitForm;
}

export const EMPTY_FORM: VisitForm = {
  result: 'done',
  text: '',
  reason: '',
  parts: [],
  labor: [],
  photos: [],
  signer_name: '',
};

/** What a full phone could not keep; right for as long as the mini program runs. */
let memory: VisitDraft[] | undefined;

function all(): VisitDraft[] {
  return memory ?? read('visit_drafts') ?? [];
}

function save(drafts: VisitDraft[]): boolean {
  try {
    write('visit_drafts', drafts);
    memory = undefined;
    return true;
  } catch (error) {
    console.error('the phone cannot keep a visit', error);
    memory = drafts;
    return false;
  }
}

const isMine = (draft: VisitDraft): boolean => {
  const who = owner();
  return draft.organization_id === who?.organization_id && draft.person_id === who.person_id;
};

/** The visit of an order that has begun here and not ended. */
export function openVisit(order_id: string): VisitDraft | undefined {
  return all().find((draft) => draft.order_id === order_id && isMine(draft));
}

/** All visits that this person has begun here and not ended. */
export function openVisits(): VisitDraft[] {
  return all().filter(isMine);
}

/** Keeps a visit as it is now; false when the phone has no room, and then it lasts only while the mini program runs. */
export function keepVisit(draft: VisitDraft): boolean {
  return save([...all().filter(({ visit_key }) => visit_key !== draft.visit_key), draft]);
}

/** Keys of what was photographed and signed. */
export function filesOf({ form: { photos, signature } }: VisitDraft): string[] {
  return signature === undefined ? photos : [...photos, signature];
}

/** The visit has ended, or never was; `files`: what was photographed for it goes too. */
export function endVisit(visit_key: string, files: 'stay' | 'go'): void {
  const draft = all().find((one) => one.visit_key === visit_key);
  if (draft === undefined) return;
  save(all().filter((one) => one.visit_key !== visit_key));
  if (files === 'go') dropMedia(filesOf(draft));
}
