/** What the server says of equipment and work orders. */
import type { Media } from './media-types';

export interface Point {
  latitude: number;
  longitude: number;
}

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

/** A move that the person may make now, and what it asks for. */
export interface Offer {
  move: Move;
  to: State;
  fields: { name: string; kind: 'text' | 'reason' | 'rating' | 'engineer' | 'moment'; required: boolean }[];
}

export interface Entry {
  id: string;
  at: string;
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
  text?: string | null;
  reason?: string | null;
  /** Absent when there is none. */
  media?: Media[];
}

export interface Targets {
  response_due_at?: string | null;
  responded_at?: string | null;
  resolution_due_at?: string | null;
  resolved_at?: string | null;
  paused: boolean;
  response_late: boolean;
  resolution_late: boolean;
}

/** An order in a list. */
export interface WorkOrderItem {
  id: string;
  number: string;
  version: number;
  state: State;
  submitted_at: string;
  updated_at: string;
  equipment: {
    id?: string | null;
    code: string;
    model: string;
    serial_number: string;
    site?: string | null;
    address?: string | null;
  };
  customer?: { id: string; name: string } | null;
  fault_type: string;
  skill?: string | null;
  text: string;
  contact?: { name?: string | null; phone?: string | null } | null;
  preferred?: { from: string; until: string } | null;
  position?: Point | null;
  address?: string | null;
  engineer?: { id: string; name?: string | null } | null;
  targets?: Targets | null;
  rating?: number | null;
  comment?: string | null;
}

export interface WorkOrder extends WorkOrderItem {
  media: Media[];
  entries: Entry[];
  moves: Offer[];
}

export interface FollowedOrder {
  number: string;
  version: number;
  state: State;
  equipment: { model: string; code: string };
  fault_type: string;
  text: string;
  submitted_at: string;
  targets?: Targets | null;
  entries: Entry[];
  moves: Offer[];
  rating?: number | null;
  follow: Follow;
}

/** Leads to an order without login. */
export interface Follow {
  code: string;
  url: string;
}

/** An open order of a unit, as much as the caller may see of it. */
export interface OpenOrder {
  number: string;
  state: State;
  submitted_at: string;
  fault_type: string;
  id?: string | null;
}

export interface FaultType {
  code: string;
  name: string;
  name_en?: string | null;
  skill?: string | null;
}

/** `unverified`: the manufacturer did not accept it. */
export type PositionStatus = 'unverified' | 'verified' | 'pending';

/** A unit as it is seen by whoever has scanned it. */
export interface Unit {
  code: string;
  model: string;
  serial_number: string;
  site?: string | null;
  address?: string | null;
  position?: Point | null;
  warranty_until?: string | null;
  in_warranty: boolean;
  organization: { id: string; name: string; scene: string };
  open_work_orders: OpenOrder[];
  may_report: boolean;
  why_not?: 'login_required' | 'members_only' | 'customers_only' | null;
  fault_types: FaultType[];
  registered: boolean;
  position_status?: PositionStatus | null;
}

/** A unit that the person has registered. */
export interface Registration {
  equipment: {
    code: string;
    model: string;
    serial_number: string;
    site?: string | null;
    address?: string | null;
    warranty_until?: string | null;
  };
  position_status?: PositionStatus | null;
}

export interface Report {
  draft_id: string;
  equipment_code: string;
  fault_type: string;
  text: string;
  media_ids: string[];
  contact: { name?: string; phone?: string };
  preferred?: { from: string; until: string };
  position?: Point;
  address?: string;
  separate: boolean;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
