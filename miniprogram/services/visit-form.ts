/** What is written at the end of a visit: lines as they are typed, and what is still missing. */
import type { LaborLine, PartLine } from './field-acts';
import type { ServiceSettings } from './service-settings';
import type { VisitForm } from './visit-drafts';

/** Decimal numbers above zero, as people type them. */
const QUANTITY = /^\d{1,9}([.,]\d{1,3})?$/;
const MINUTES = /^\d{1,5}$/;
/** A week. */
const MOST_MINUTES = 10_080;

export type TypedLine = Record<string, string>;

/** The quantity as the server wants it; undefined when it is none. */
export function quantityIn(typed: string): string | undefined {
  const text = typed.trim().replace(',', '.');
  return QUANTITY.test(typed.trim()) && Number(text) > 0 ? text : undefined;
}

export function minutesIn(typed: string): number | undefined {
  const text = typed.trim();
  return MINUTES.test(text) && Number(text) > 0 && Number(text) <= MOST_MINUTES ? Number(text) : undefined;
}

/** `key` only tells a line from the others. */
const isBlank = (line: TypedLine): boolean =>
  Object.entries(line).every(([name, value]) => name === 'key' || value.trim() === '');

/** Parts without the lines that nobody filled in; undefined when one is wrong. */
export function partsIn(lines: readonly TypedLine[]): PartLine[] | undefined {
  const parts = lines
    .filter((line) => !isBlank(line))
    .map(({ name = '', number = '', quantity = '', unit = '' }) => ({
      name: name.trim(),
      ...(number.trim() !== '' && { number: number.trim() }),
      quantity: quantityIn(quantity) ?? '',
      ...(unit.trim() !== '' && { unit: unit.trim() }),
    }));
  return parts.every(({ name, quantity }) => name !== '' && quantity !== '') ? parts : undefined;
}

export function laborIn(lines: readonly TypedLine[]): LaborLine[] | undefined {
  const labor = lines
    .filter((line) => !isBlank(line))
    .map(({ kind = '', minutes = '' }) => ({ kind: kind.trim(), minutes: minutesIn(minutes) ?? 0 }));
  return labor.every(({ kind, minutes }) => kind !== '' && minutes > 0) ? labor : undefined;
}

/** What is missing, as the name of a sentence; undefined when all is there. */
export function missingIn(
  form: VisitForm,
  { signature_required }: Pick<ServiceSettings, 'signature_required'>,
): 'text_missing' | 'reason_missing' | 'line_missing' | 'signature_missing' | undefined {
  if (form.text.trim() === '') return 'text_missing';
  if (form.result === 'paused' && form.reason.trim() === '') return 'reason_missing';
  if (partsIn(form.parts) === undefined || laborIn(form.labor) === undefined) return 'line_missing';
  if (signature_required && form.result === 'done' && form.signature === undefined) return 'signature_missing';
  return undefined;
}
