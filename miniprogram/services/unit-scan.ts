/** Scans the code on a unit with WeChat's own scanner, and opens what it leads to. */
import { texts } from '../texts/index';
import { followCodeIn, unitCodeIn } from './unit-link';

interface Scanned {
  path?: string;
  result: string;
}

async function scan(): Promise<Scanned | undefined> {
  // Also bar codes: nameplates often have the serial number as one. WeChat's types know no list here.
  const scanType = ['qrCode', 'wxCode', 'barCode'] as never;
  return wx.scanCode({ scanType }).catch(() => undefined);
}

/** WeChat keeps ten pages; what is scanned leaves room for the pages that are opened from it. */
const MOST_PAGES = 7;

async function open(url: string): Promise<void> {
  if (getCurrentPages().length < MOST_PAGES) await wx.navigateTo({ url });
  else await wx.redirectTo({ url });
}

/** Opens the page of the unit that is scanned, or of the report that a link leads to. */
export async function scanUnit(): Promise<void> {
  const scanned = await scan();
  if (scanned === undefined) return;
  const code = unitCodeIn(scanned);
  const follow = followCodeIn(scanned.result);
  if (code !== undefined) await open(`/pages/service/unit/index?code=${code}`);
  else if (follow !== undefined) await open(`/pages/service/follow/index?code=${follow}`);
  else void wx.showToast({ title: texts().unit.no_code, icon: 'none' });
}

/** What identifies a unit when it is registered: its code, or the serial number in a bar code. */
export async function scanNameplate(): Promise<{ code: string } | { serial_number: string } | undefined> {
  const scanned = await scan();
  if (scanned === undefined) return undefined;
  const code = unitCodeIn(scanned);
  return code === undefined ? { serial_number: scanned.result.trim() } : { code };
}
