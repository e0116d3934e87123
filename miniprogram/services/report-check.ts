/** What a report still needs, by the same rules as the server's. */
import { rule } from '../core/index';
import { texts } from '../texts/index';
import type { WrongField } from './failure';
import type { Report } from './work-order-types';

/** Where on the page something has to be mended. */
export type Part = 'fault_type' | 'text' | 'media' | 'phone' | 'name' | 'preferred' | 'place';

const PARTS: readonly (readonly [string, Part])[] = [
  ['fault_type', 'fault_type'],
  ['text', 'text'],
  ['media_ids', 'media'],
  ['contact.phone', 'phone'],
  ['contact.name', 'name'],
  ['contact', 'phone'],
  ['preferred', 'preferred'],
  ['position', 'place'],
  ['address', 'place'],
];

/** A sentence for each part that is wrong. */
export type Complaints = Partial<Record<Part, string>>;

/** What the rules or the server say is wrong with a report, in words for the parts of the page. */
export function complaintsIn(fields: readonly WrongField[]): Complaints {
  const t = texts().reportParts;
  const complaints: Complaints = {};
  for (const { field } of fields) {
    const part = PARTS.find(
      ([name]) => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`),
    )?.[1];
    if (part !== undefined) complaints[part] ??= t[part];
  }
  return complaints;
}

/** Undefined where the rules cannot run: the server says it then. `needs_phone`: nobody is logged in. */
export async function checkReport(report: Report, needs_phone: boolean): Promise<Complaints | undefined> {
  const wrong = await rule<WrongField[]>('report_check', { report, needs_phone });
  return wrong === undefined ? undefined : complaintsIn(wrong);
}
