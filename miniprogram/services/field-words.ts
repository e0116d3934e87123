/** What engineers and dispatchers read: acts, refusals, distances, lines of lists. */
import { filled, texts } from '../texts/index';
import type { Refusal } from './act-queue';
import { faultText } from './equipment';
import { problemText } from './failure';
import type { FieldAct } from './field-acts';
import type { WaitingOrder } from './nearby';
import { serviceOffsets } from './service-settings';
import type { Move, State } from './work-order-types';
import { targetTexts } from './work-orders';

/** What a button for a move says to whoever does the work. */
export function actText(move: Move): string {
  const known: Record<string, string> = texts().fieldActs;
  return known[move] ?? move;
}

/** What somebody has done. */
export function deedText(act: FieldAct): string {
  const t = texts().fieldActs;
  switch (act.kind) {
    case 'move':
      return actText(act.move);
    case 'check_in':
      return t.check_in;
    case 'check_out':
      return t.check_out;
    case 'day_point':
      return act.point === 'start' ? t.day_start : t.day_end;
  }
}

/** Why an act was refused, in a sentence. */
export function refusalText({ code, reason }: Refusal): string {
  const reasons: Record<string, string> = texts().moveRefusals;
  return (reason === undefined ? undefined : reasons[reason]) ?? problemText(code);
}

/** A distance as people say it: never more exact than it is known. */
export function distanceText(meters: number): string {
  const t = texts().nearby;
  if (meters < 1000) return filled(t.meters, { number: Math.round(meters / 10) * 10 });
  return filled(t.kilometers, { number: (meters / 1000).toFixed(meters < 100_000 ? 1 : 0) });
}

/** An order as a line of a list: see the component `order-line`. */
export interface OrderLine {
  id: string;
  state: State;
  title: string;
  /** Number, customer and place. */
  facts: string;
  fault: string;
  distance: string;
  due: string;
  late: boolean;
}

export function orderLine(order: WaitingOrder): OrderLine {
  const { id, state, number, equipment, customer, address, distance_meters, fault_type, text } = order;
  const targets = targetTexts(order, serviceOffsets());
  const urgent = targets.find(({ late }) => late) ?? targets.find(({ icon }) => icon === 'time');
  return {
    id,
    state,
    title: equipment.model,
    facts: [number, customer?.name, equipment.site, equipment.address ?? address].filter(Boolean).join(' · '),
    fault: `${faultText(fault_type)}: ${text}`,
    distance: typeof distance_meters === 'number' ? distanceText(distance_meters) : '',
    due: urgent?.text ?? '',
    late: urgent?.late === true,
  };
}
