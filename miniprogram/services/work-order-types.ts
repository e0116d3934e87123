/**
 * What the server says of equipment and work orders. Its document has states, moves and the like as plain text; here
 * they are the names that the rules know.
 */
import type { Schemas } from './http';
import type { Media } from './media-types';

export type Point = Schemas['Coordinates'];

/** A position as a phone measured it, or as a person has picked it on a map. */
export interface Fix extends Point {
  /** Meters. */
  accuracy?: number;
  source: 'gps' | 'picked';
  /** RFC 3339. */
  fixed_at: string;
}

/** A position with what a map calls it. */
export interface PickedPlace extends Fix {
  name?: string;
  address?: string;
}

export type State =
  | 'submitted'
  | 'accepted'
  | 'assigned'
  | 'on_the_way'
  | 'on_site'
  | 'paused'
  | 'done'
  | 'confirmed'
  | 'closed'
  | 'canceled'
  | 'reopened';

export type Move =
  | 'accept'
  | 'assign'
  | 'take'
  | 'release'
  | 'set_out'
  | 'arrive'
  | 'pause'
  | 'resume'
  | 'finish'
  | 'confirm'
  | 'reopen'
  | 'close'
  | 'cancel';

/** The same with narrower members. */
type Narrowed<T, N> = Omit<T, keyof N> & N;

/** A move that the person may make now, and what it asks for. */
export type Offer = Narrowed<
  Schemas['Offered'],
  {
    move: Move;
    to: State;
    fields: { name: string; kind: 'text' | 'reason' | 'rating' | 'engineer' | 'moment'; required: boolean }[];
  }
>;

export type Entry = Narrowed<
  Schemas['Entry'],
  {
    kind: 'report' | 'move' | 'addition' | 'visit';
    move?: Move | null;
    from?: State | null;
    to?: State | null;
    by: {
      kind: 'person' | 'api_token' | 'follower' | 'system';
      id?: string | null;
      name?: string | null;
      as: 'customer' | 'engineer' | 'dispatcher';
    };
    /** Absent when there is none. */
    media?: Media[];
  }
>;

export type Targets = Schemas['Targets'];

/** An order in a list. */
export type WorkOrderItem = Narrowed<Schemas['ListedWorkOrder'], { state: State }>;

interface Whole {
  media: Media[];
  /** Of the organization's clocks. */
  utc_offsets: Schemas['UtcOffset'][];
  entries: Entry[];
  moves: Offer[];
}

export type WorkOrder = WorkOrderItem & Whole;

export type FollowedOrder = Narrowed<Schemas['FollowedOrder'], { state: State } & Pick<Whole, 'entries' | 'moves'>>;

/** Leads to an order without login. */
export type Follow = Schemas['Follow'];

/** An open order of a unit, as much as the caller may see of it. */
export type OpenOrder = Narrowed<Schemas['OpenWorkOrder'], { state: State }>;

export type FaultType = Schemas['FaultType'];

/** A unit as it is seen by whoever has scanned it. */
export type Unit = Narrowed<Schemas['ScannedEquipment'], { open_work_orders: OpenOrder[] }>;

/** A unit that the person has registered. */
export type Registration = Schemas['Registration'];

export type Report = Schemas['NewReport'];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
