/** The moves that a customer makes, among those that the server offers; the others belong to engineers and dispatchers. */
import { moveText } from '../../services/work-orders';
import type { Move, Offer } from '../../services/work-order-types';

const CUSTOMERS: readonly Move[] = ['confirm', 'reopen', 'cancel'];

export interface MoveButton {
  move: Move;
  word: string;
  /** The one that most people want. */
  main: boolean;
}

export function moveButtons(offers: readonly Offer[]): MoveButton[] {
  return CUSTOMERS.filter((move) => offers.some((offer) => offer.move === move))
    .map((move) => ({ move, word: moveText(move), main: move === 'confirm' }))
    .reverse();
}
