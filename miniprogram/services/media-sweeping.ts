/** Photos and signatures of forms that nobody has finished. */
import { dropAllMedia } from './media';
import { read } from './storage';
import { filesOf } from './visit-drafts';

/**
 * Removes what no report, visit or act names. Called once, when the mini program starts: a page that is open may hold
 * photos that nothing names yet.
 */
export function sweepMedia(): void {
  const needed = [
    ...(read('report_drafts') ?? []).flatMap(({ media }) => media),
    ...(read('visit_drafts') ?? []).flatMap(filesOf),
    ...(read('field_acts') ?? []).flatMap(({ files }) => files),
  ];
  try {
    dropAllMedia(needed);
  } catch (error) {
    console.warn('the phone cannot forget what nobody needs', error);
  }
}
