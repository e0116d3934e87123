/** How a page that shows something from the server stands: `page-state` draws it. */
import { asFailure, explain } from '../services/failure';

export interface Filling {
  state: 'loading' | 'ready' | 'empty' | 'offline' | 'error';
  /** Why it could not be loaded. */
  failure: string;
  /** What is shown was loaded before, and could not be loaded again. */
  stale: boolean;
}

export const LOADING: Filling = { state: 'loading', failure: '', stale: false };

interface FillingPage {
  data: Filling;
  setData(data: Partial<Filling>): void;
}

const isShown = ({ data: { state } }: FillingPage): boolean => state === 'ready' || state === 'empty';

/** How often each page was loaded. */
const turns = new WeakMap<object, number>();

/** The page shows something else from now on: what is still being loaded says nothing about it. */
export function overtake(page: object): number {
  const turn = (turns.get(page) ?? 0) + 1;
  turns.set(page, turn);
  return turn;
}

/**
 * Runs what loads the page. What is shown already stays, also when it cannot be loaded again. How the page stands is
 * said by the last load alone, whichever ends first; `isLast` tells a load whether it is that one still.
 */
export async function fill(
  page: FillingPage,
  load: (isLast: () => boolean) => Promise<'ready' | 'empty'>,
): Promise<void> {
  const turn = overtake(page);
  const isLast = (): boolean => turn === turns.get(page);
  if (!isShown(page)) page.setData(LOADING);
  try {
    const state = await load(isLast);
    if (isLast()) page.setData({ state, failure: '', stale: false });
  } catch (error) {
    if (!isLast()) return;
    const failure = asFailure(error);
    // What the phone knew may have been shown meanwhile.
    if (isShown(page)) page.setData({ stale: true, failure: explain(failure) });
    else page.setData({ state: failure.offline ? 'offline' : 'error', failure: explain(failure), stale: false });
  }
}
