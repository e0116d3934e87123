/** An order as it stands with what the phone has not sent yet. */
import { rule } from '../core/index';
import type { FieldAct } from './field-acts';
import type { Move, Offer, State, WorkOrder } from './work-order-types';

export interface Projected {
  state: State;
  moves: Offer[];
  /** The state counts what waits on the phone. */
  ahead: boolean;
}

/** The move that an act makes, if it makes one. */
export function moveIn(act: FieldAct): { move: Move; fields: Record<string, string | number> } | undefined {
  switch (act.kind) {
    case 'move':
      return { move: act.move, fields: act.fields };
    case 'check_in':
      return { move: 'arrive', fields: {} };
    case 'check_out': {
      const { result, text, reason = '' } = act;
      if (result === 'unfinished') return undefined;
      return result === 'done' ? { move: 'finish', fields: { text } } : { move: 'pause', fields: { reason } };
    }
    case 'day_point':
      return undefined;
  }
}

/** What may be done next by whoever does the work. Without rules on the phone, nothing until what waits is sent. */
export async function project(order: WorkOrder, acts: readonly FieldAct[]): Promise<Projected> {
  const waiting = acts.filter(({ refused }) => refused === undefined).flatMap((act) => moveIn(act) ?? []);
  if (waiting.length === 0) return { state: order.state, moves: order.moves, ahead: false };
  const party = { dispatcher: false, engineer: true, own_engineer: true, customer: false };
  let state = order.state;
  for (const { move, fields } of waiting) {
    const answer = await rule<{ to?: State }>('work_order_move', { state, party, move, fields: asRule(fields) });
    state = answer?.to ?? state;
  }
  const moves = await rule<Offer[]>('work_order_moves', { state, party });
  return { state, moves: moves ?? [], ahead: true };
}

/** The rules count time in milliseconds. */
function asRule({ until, ...fields }: Record<string, string | number>): Record<string, string | number> {
  return typeof until === 'string' ? { ...fields, until: Date.parse(until) } : fields;
}
