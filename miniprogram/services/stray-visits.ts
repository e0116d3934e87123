/** Visits that have begun here and not ended, of orders that are not the engineer's own any more. */
import { filled, texts } from '../texts/index';
import { knownOwn } from './own-orders';
import { serviceOffsets } from './service-settings';
import { moment } from './time';
import { openVisits } from './visit-drafts';

export interface StrayVisit {
  order_id: string;
  title: string;
  facts: string;
}

/** Their orders were given to somebody else or canceled, but what was done is still to be written down. */
export function strayVisits(): StrayVisit[] {
  const t = texts();
  const own = new Set(knownOwn()?.items.map(({ id }) => id));
  return openVisits()
    .filter(({ order_id }) => !own.has(order_id))
    .map(({ order_id, order, checked_in_at }) => ({
      order_id,
      title: order?.model ?? t.titles.visit,
      facts: [
        order === undefined ? '' : filled(t.fieldOrder.number, { number: order.number }),
        filled(t.fieldOrder.checked_in, { time: moment(checked_in_at, serviceOffsets()) }),
      ]
        .filter(Boolean)
        .join(' · '),
    }));
}
