/** The entries of a work order as lines that people read, newest first. */
import { filled, texts } from '../texts/index';
import { tilesOf } from './media';
import type { MediaTile } from './media-types';
import { iconOf, toneOf, type Tone } from './order-looks';
import { briefMoment, type UtcOffset } from './time';
import type { Entry } from './work-order-types';

export interface TimelineLine {
  id: string;
  icon: string;
  tone: Tone;
  title: string;
  /** Who and when. */
  facts: string;
  text: string;
  reason: string;
  tiles: MediaTile[];
}

/** `offsets`: of the organization's clocks. */
export function timeline(entries: readonly Entry[], offsets: readonly UtcOffset[]): TimelineLine[] {
  const newest_first = [...entries].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return newest_first.map((entry) => lineOf(entry, offsets));
}

function lineOf(entry: Entry, offsets: readonly UtcOffset[]): TimelineLine {
  const { id, at, to, text, reason, media = [] } = entry;
  const t = texts().timeline;
  return {
    id,
    icon: to ? iconOf(to) : entry.kind === 'addition' ? 'chat' : entry.kind === 'visit' ? 'location' : 'send',
    tone: to ? toneOf(to) : 'over',
    title: titleOf(entry),
    facts: [briefMoment(at, offsets), byText(entry)].filter(Boolean).join(' · '),
    text: text ?? '',
    reason: reason ? filled(t.reason, { reason }) : '',
    tiles: tilesOf(media),
  };
}

function titleOf({ kind, move, to }: Entry): string {
  const t = texts().timeline;
  if (kind === 'report') return t.report;
  if (kind === 'addition') return t.addition;
  if (kind === 'visit') return t.visit;
  const done: Record<string, string> = texts().movesDone;
  const states: Record<string, string> = texts().states;
  return done[move ?? ''] ?? states[to ?? ''] ?? t.changed;
}

function byText({ by }: Entry): string {
  const t = texts().timeline;
  if (by.kind === 'system') return t.system;
  const parts: Record<string, string> = { customer: t.customer, engineer: t.engineer, dispatcher: t.dispatcher };
  return by.name ? `${parts[by.as] ?? ''} ${by.name}`.trim() : (parts[by.as] ?? '');
}
