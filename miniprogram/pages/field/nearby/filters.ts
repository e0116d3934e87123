/** What the list of waiting orders can be narrowed to. */
import type { NearbyFilter } from '../../../services/nearby';
import { serviceDay, serviceOffsets, skills } from '../../../services/service-settings';
import { instant } from '../../../services/time';
import type { State } from '../../../services/work-order-types';
import { stateText } from '../../../services/work-orders';
import { texts } from '../../../texts/index';

const HOUR = 3_600_000;
const STATES: readonly State[] = ['submitted', 'accepted', 'reopened'];

/** One choice among several; the first one does not narrow. */
export interface FilterChoice {
  name: 'state' | 'due' | 'skill';
  label: string;
  options: string[];
  chosen: number;
}

export function filterChoices(chosen: Record<FilterChoice['name'], number>): FilterChoice[] {
  const t = texts().nearby;
  const known = skills();
  const all: FilterChoice[] = [
    { name: 'state', label: t.state, options: [t.any, ...STATES.map(stateText)], chosen: chosen.state },
    { name: 'due', label: t.due, options: [t.any, t.due_today, t.due_day, t.due_late], chosen: chosen.due },
    { name: 'skill', label: t.skill, options: [t.any, ...known], chosen: chosen.skill },
  ];
  return all.filter(({ name }) => name !== 'skill' || known.length > 0);
}

/** `now`: UTC epoch milliseconds. A day ends at midnight by the organization's clocks. */
export function filterOf(chosen: Record<FilterChoice['name'], number>, now: number): NearbyFilter {
  const state = STATES[chosen.state - 1];
  const skill = skills()[chosen.skill - 1];
  const tomorrow = new Date(Date.parse(`${serviceDay(now)}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10);
  const midnight = instant(tomorrow, '00:00', serviceOffsets());
  const due = [undefined, midnight, now + 24 * HOUR, now][chosen.due];
  return {
    ...(state !== undefined && { state }),
    ...(skill !== undefined && { skill }),
    ...(due !== undefined && { due_before: new Date(due).toISOString() }),
  };
}
