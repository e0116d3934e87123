/** Before the person goes to another organization. */
import { waitingHere } from '../services/scans';
import { current } from '../services/session';
import { filled, texts } from '../texts/index';

/** What scans that wait mean for a switch; empty when none waits. */
export function waitingNotice(): string {
  const number = waitingHere().length;
  const organization = current()?.organization.name ?? '';
  return number === 0 ? '' : filled(texts().switch.waiting, { number, organization });
}

/** Asks when scans wait; they stay on the phone until the person is back. */
export async function mayLeave(): Promise<boolean> {
  const content = waitingNotice();
  if (content === '') return true;
  const { confirm } = await wx.showModal({
    title: texts().switch.asking,
    content,
    confirmText: texts().sheet.confirm,
    cancelText: texts().sheet.cancel,
  });
  return confirm;
}
