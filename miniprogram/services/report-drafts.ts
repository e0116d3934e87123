/** Reports as they are written: kept on the phone while typing, and until the server has them. */
import type { Follow, PickedPlace, State } from './work-order-types';

/** A report that is being written or waits to be sent. It stays the same however often it is sent. */
export interface ReportDraft {
  draft_id: string;
  /** Where it belongs. */
  organization_id: string;
  organization: string;
  unit: { code: string; model: string; serial_number: string };
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
  /** Number of the open order to which this is added instead. */
  adds_to?: string;
  /** UTC epoch milliseconds. */
  written_at: number;
  /** The person has tapped "send": it goes by itself once there is a network. */
  waiting: boolean;
  /** Why the server has refused it; the person has to look at it again. */
  problem?: string;
}

/** An order that was reported on this phone without login, or found by its number. */
export interface SentReport {
  number: string;
  organization: string;
  model: string;
  sent_at: number;
  state: State;
  follow: Follow;
}
