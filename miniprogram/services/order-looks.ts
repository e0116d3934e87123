/** How the state of a work order looks: a color for its kind, and an icon of its own. */
import type { State } from './work-order-types';

/** Waits for the business, is under way, stands still, is mended, or is over. */
export type Tone = 'waiting' | 'active' | 'held' | 'good' | 'over';

const TONES: Record<State, Tone> = {
  submitted: 'waiting',
  accepted: 'waiting',
  reopened: 'waiting',
  assigned: 'active',
  on_the_way: 'active',
  on_site: 'active',
  paused: 'held',
  done: 'good',
  confirmed: 'good',
  closed: 'over',
  canceled: 'over',
};

const ICONS: Record<State, string> = {
  submitted: 'send',
  accepted: 'check',
  reopened: 'rollback',
  assigned: 'user-checked',
  on_the_way: 'vehicle',
  on_site: 'tools',
  paused: 'pause-circle',
  done: 'check-circle',
  confirmed: 'star-filled',
  closed: 'check-double',
  canceled: 'close-circle',
};

export function toneOf(state: State): Tone {
  return TONES[state] ?? 'over';
}

export function iconOf(state: State): string {
  return ICONS[state] ?? 'file';
}

/** Whether the order is still being worked on. */
export function isOpen(state: State): boolean {
  return !['done', 'confirmed', 'closed', 'canceled'].includes(state);
}
