/** Tells the engineer what became of a deed at first. */
import type { ActAnswer } from '../../services/field-sending';
import { dismissNews, dropAct, type Performed } from '../../services/field-queue';
import { refusalText } from '../../services/field-words';
import { problemText } from '../../services/failure';
import { texts } from '../../texts/index';

/**
 * What the server answered, or that it waits. What was refused is told and struck out: the person is here, and what
 * they wrote is still on the page. Throws nothing. `done` is said when it was taken; `refused` says why it was not.
 */
export async function tell(
  performed: Performed | undefined,
  done: string,
  refused: (problem: string) => unknown = sayRefused,
): Promise<{ kind: 'done'; answer: ActAnswer } | { kind: 'kept' | 'refused' }> {
  const t = texts();
  if (performed === undefined) {
    void wx.showToast({ title: problemText('unauthenticated'), icon: 'none' });
    return { kind: 'refused' };
  }
  const { key, saved, outcome } = performed;
  switch (outcome.kind) {
    case 'done': {
      const { answer } = outcome;
      if (answer.conflict === undefined) void wx.showToast({ title: done, icon: 'none' });
      else {
        await say(t.waiting.news, t.visit.conflict);
        dismissNews(key);
      }
      return { kind: 'done', answer };
    }
    case 'kept': {
      const { problem } = outcome;
      const known = problem === undefined || problem === 'offline' || problem === 'timeout';
      const title = !saved
        ? t.fieldOrder.not_kept
        : problem === undefined
          ? t.fieldOrder.slow
          : known
            ? t.fieldOrder.kept
            : `${problemText(problem)} ${t.fieldOrder.kept}`;
      void wx.showToast({ title, icon: 'none', duration: 3_000 });
      return { kind: 'kept' };
    }
    case 'refused':
      await refused(refusalText(outcome.refusal));
      dropAct(key, 'stay');
      return { kind: 'refused' };
  }
}

function sayRefused(problem: string): Promise<void> {
  return say(texts().fieldOrder.refused_title, problem);
}

async function say(title: string, content: string): Promise<void> {
  await wx.showModal({ title, content, showCancel: false, confirmText: texts().waiting.seen });
}
