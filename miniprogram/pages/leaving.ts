/** Before the person goes to another organization. */
import { fieldActs } from '../services/field-queue';
import { waitingHere } from '../services/scans';
import { current } from '../services/session';
import { filled, texts } from '../texts/index';

/** How many scans and deeds in the field wait to be sent to the present organization. */
export function waitingNumber(): number {
  return waitingHere().length + fieldActs().length;
}

/** What scans and deeds that wait mean for a switch; empty when none waits. */
export function waitingNotice(): string {
  const t = texts().switch;
  const organization = current()?.organization.name ?? '';
  const [scans, acts] = [waitingHere().length, fieldActs().length];
  return [
    scans === 0 ? '' : filled(t.waiting, { number: scans, organization }),
    acts === 0 ? '' : filled(t.waiting_acts, { number: acts, organization }),
  ].join('');
}

/** Asks when scans or deeds wait; they stay on the phone until the person is back. */
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
