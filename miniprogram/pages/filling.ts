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

/** Runs what loads the page. What is shown already stays, also when it cannot be loaded again. */
export async function fill(page: FillingPage, load: () => Promise<'ready' | 'empty'>): Promise<void> {
  const shown = page.data.state === 'ready' || page.data.state === 'empty';
  if (!shown) page.setData(LOADING);
  try {
    page.setData({ state: await load(), failure: '', stale: false });
  } catch (error) {
    const failure = asFailure(error);
    if (shown) page.setData({ stale: true, failure: explain(failure) });
    else page.setData({ state: failure.offline ? 'offline' : 'error', failure: explain(failure), stale: false });
  }
}
