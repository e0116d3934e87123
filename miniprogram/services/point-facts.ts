/** What is worth knowing of a position: how it was found, how accurate it is, and how old. */
import { filled, texts } from '../texts/index';
import type { Fix } from './work-order-types';

const MINUTE = 60_000;

/** `now`: UTC epoch milliseconds by the server's clock. */
export function factsOf({ source, accuracy, fixed_at }: Fix, now: number): string[] {
  const t = texts().point;
  if (source === 'picked') return [t.picked];
  const minutes = Math.floor((now - Date.parse(fixed_at)) / MINUTE);
  return [
    t.measured,
    accuracy === undefined ? t.no_accuracy : filled(t.accuracy, { meters: accuracy }),
    minutes < 1 ? t.just_now : filled(t.minutes_ago, { minutes }),
  ];
}
