/** Visits as lists show them. */
import { filled, texts } from '../texts/index';
import { distanceText } from './field-words';
import { tilesOf } from './media';
import type { MediaTile } from './media-types';
import { serviceOffsets } from './service-settings';
import { moment } from './time';
import type { CheckInOutcome, Visit } from './visits';

export interface VisitLine {
  id: string;
  who: string;
  /** When it began and ended, with what the positions said. */
  ends: string[];
  text: string;
  /** Parts and labor, each a line. */
  used: string[];
  tiles: MediaTile[];
}

export function outcomeText(outcome: CheckInOutcome, distance_meters?: number | null): string {
  const words: Record<string, string> = texts().outcomes;
  const word = words[outcome] ?? outcome;
  if (typeof distance_meters !== 'number' || outcome === 'inside') return word;
  return `${word}, ${filled(texts().visit.distance, { distance: distanceText(distance_meters) })}`;
}

function endText(template: string, end: NonNullable<Visit['check_out']>): string {
  const t = texts().fieldOrder;
  return [
    filled(template, { time: moment(end.at, serviceOffsets()) }),
    outcomeText(end.outcome, end.distance_meters),
    end.reason,
    end.offline ? t.offline : '',
    end.clock_suspect ? t.clock : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

export function visitLine({
  id,
  engineer,
  check_in,
  check_out,
  result,
  text,
  parts,
  labor,
  signature,
}: Visit): VisitLine {
  const t = texts();
  return {
    id,
    who: [engineer.name, result ? t.visitResults[result] : ''].filter(Boolean).join(' · '),
    ends: [
      endText(t.fieldOrder.checked_in, check_in),
      ...(check_out ? [endText(t.fieldOrder.checked_out, check_out)] : []),
    ],
    text: text ?? '',
    used: [
      ...parts.map(({ name, number, quantity, unit }) => [name, number, '×', quantity, unit].filter(Boolean).join(' ')),
      ...labor.map(({ kind, minutes }) => `${kind} · ${minutes} ${t.visit.minutes}`),
    ],
    tiles: tilesOf([check_in.photo, ...(check_out?.photos ?? []), signature].flatMap((media) => media ?? [])),
  };
}
