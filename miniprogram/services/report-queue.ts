/**
 * Reports that wait go by themselves: when the mini program is opened, when there is a network again, and now and then
 * in between.
 */
import { onNetwork } from './network';
import { draft as draftById, onDrafts, waitingDrafts } from './report-drafts';
import { missingLogin, sendDraft, type Sent } from './reports';

/** Where the signal is bad, the phone hardly ever says that the network has gone or come. */
const AGAIN_AFTER = 30_000;

let planned = false;

function plan(): void {
  if (planned || waitingDrafts().length === 0) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    void retryReports();
  }, AGAIN_AFTER);
}

let answered: (sent: Sent) => void = () => undefined;

/** Called once, when the mini program starts. `tell` hears what the server has answered. */
export function watchReports(tell: (sent: Sent) => void): void {
  answered = tell;
  onDrafts(plan);
  onNetwork((online) => {
    if (online) void retryReports();
  });
}

let retrying: Promise<string> | undefined;

/**
 * Sends what waits, until the network fails again. Answers why something still waits, other than for a login; empty when
 * nothing does.
 */
export function retryReports(): Promise<string> {
  retrying ??= retryAll().finally(() => {
    retrying = undefined;
    plan();
  });
  return retrying;
}

async function retryAll(): Promise<string> {
  let why = '';
  // Oldest first.
  for (const { draft_id } of waitingDrafts().reverse()) {
    // The person may have taken it up again meanwhile.
    const draft = draftById(draft_id);
    if (draft?.waiting !== true) continue;
    const sent = await sendDraft(draft_id);
    if (sent.kind === 'gone') continue;
    if (sent.kind !== 'waiting') answered(sent);
    else if (sent.offline) return sent.problem;
    else if (missingLogin(draft) === '') why = sent.problem;
  }
  return why;
}
