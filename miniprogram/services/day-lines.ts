/** A working day as lines: stops, and the way between them with how it was computed. */
import { filled, texts } from '../texts/index';
import type { FieldAct } from './field-acts';
import { kilometers, type Computed, type Leg, type LegFigures, type MileageDay, type Stop } from './mileage';
import { knownSettings, serviceOffsets } from './service-settings';
import { day as dayAt, minute, type UtcOffset } from './time';
import { outcomeText } from './visit-lines';

export interface DayLine {
  /** Its own among the lines of a day. */
  key: string;
  /** Of a leg that the server knows. */
  id: string;
  kind: 'stop' | 'leg';
  icon: string;
  title: string;
  /** Place and position of a stop; how the length of a leg was found. */
  facts: string;
  /** Of a leg: its length, or that somebody must say it. */
  length: string;
  /** Something is missing or odd. */
  note: string;
  /** A leg that may be changed. */
  editable: boolean;
}

/** The day with what the phone has not sent yet. `offsets`: of the clocks that the day is counted by. */
export function withWaiting(day: MileageDay, acts: readonly FieldAct[], offsets: readonly UtcOffset[]): MileageDay {
  const known = new Set(day.stops.map(({ id }) => id));
  const waiting = acts.flatMap((act) => {
    if (act.refused !== undefined || known.has(act.key) || dayOf(act, offsets) !== day.day) return [];
    return waitingStop(act) ?? [];
  });
  if (waiting.length === 0) return day;
  const stops = [...day.stops, ...waiting];
  stops.sort((one, other) => Date.parse(one.counted_at) - Date.parse(other.counted_at));
  return { ...day, stops };
}

/** The day that an act is counted on. */
function dayOf(act: FieldAct, offsets: readonly UtcOffset[]): string {
  const said = act.kind === 'check_in' || act.kind === 'day_point' ? act.day : undefined;
  return said ?? dayAt(act.made_at, offsets);
}

function waitingStop(act: FieldAct): Stop | undefined {
  const at = new Date(act.made_at).toISOString();
  const stop = { id: act.key, at, counted_at: at };
  switch (act.kind) {
    case 'check_in': {
      const { id, number } = act.order;
      return { ...stop, kind: 'visit', fix: act.fix, visit: { work_order_id: id, number, outcome: 'offline' } };
    }
    case 'day_point': {
      const { point, fix, address, odometer_meters } = act;
      return { ...stop, kind: point, fix, address, odometer_meters };
    }
    default:
      return undefined;
  }
}

const ICONS: Record<Stop['kind'], string> = { start: 'play-circle', visit: 'tools', end: 'stop-circle' };

/** `computed`: by the rule on the phone. `editable`: whether legs may be changed now. */
export function dayLines(day: MileageDay, computed: Computed | undefined, editable: boolean): DayLine[] {
  const legs = computed?.legs ?? day.legs;
  return day.stops.flatMap((stop) => {
    const figures = legs.find(({ from }) => from === stop.id);
    const kept = figures && day.legs.find(({ from, to }) => from === figures.from && to === figures.to);
    const line = stopLine(stop);
    return figures === undefined ? [line] : [line, legLine(figures, kept, day, editable)];
  });
}

function stopLine(stop: Stop): DayLine {
  const t = texts().day;
  const names = { start: t.started, visit: t.visited, end: t.ended };
  const { id, kind, at, fix, address, odometer_meters, visit } = stop;
  const odometer = typeof odometer_meters === 'number' ? `${t.odometer} ${kilometers(odometer_meters)}` : '';
  const outcome = visit ? outcomeText(visit.outcome) : '';
  return {
    key: id,
    id,
    kind: 'stop',
    icon: ICONS[kind],
    title: `${minute(at, serviceOffsets())} ${names[kind]}`,
    facts: [visit?.number, address, outcome, odometer].filter(Boolean).join(' · '),
    length: '',
    note: fix ? '' : t.no_fix,
    editable: false,
  };
}

function legLine(figures: LegFigures, kept: Leg | undefined, day: MileageDay, editable: boolean): DayLine {
  const t = texts();
  const { meters, suspicion } = figures;
  const odd: Record<string, string> = t.suspicions;
  return {
    key: `${figures.from} ${figures.to}`,
    id: kept?.id ?? '',
    kind: 'leg',
    icon: 'arrow-down',
    title: '',
    facts: wayText(figures, kept, day),
    length:
      typeof meters === 'number' ? filled(t.day.kilometers, { kilometers: kilometers(meters) }) : t.day.needs_manual,
    note: suspicion ? (odd[suspicion] ?? '') : '',
    editable: editable && kept !== undefined,
  };
}

/** How the length was found, in words. */
function wayText(figures: LegFigures, kept: Leg | undefined, day: MileageDay): string {
  const t = texts().day;
  const reason = kept?.reason ?? '';
  switch (figures.method) {
    case 'great_circle': {
      const factor = (day.detour_permille ?? knownSettings().detour_permille) / 1000;
      return typeof figures.meters === 'number' ? filled(t.computed, { factor }) : t.no_fix;
    }
    case 'odometer': {
      // The rule says how far it was, not what was read.
      const { odometer_start, odometer_end } = kept ?? figures;
      const [from, to] = [odometer_start, odometer_end].map((read) => kilometers(read ?? 0));
      return [filled(t.odometer_way, { from: from ?? '', to: to ?? '' }), reason].filter(Boolean).join(' · ');
    }
    case 'manual':
      return filled(t.manual_way, { reason });
  }
}
