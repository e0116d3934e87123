/**
 * Where the phone is. Everything that asks for a position goes through here, for a declared purpose; all positions are
 * GCJ-02, as WeChat's map and the server have them.
 */
import * as clock from './clock';
import type { Fix, PickedPlace, Point } from './work-order-types';

/** `refused`: by the person, for this mini program; `off`: location is switched off on the phone; `failed`: no fix. */
export type NoPosition = 'refused' | 'off' | 'failed';

/** Indoors a phone may never reach its best accuracy; it gives what it has after this many milliseconds. */
const BEST_WITHIN = 5_000;

const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** WeChat answers one call in half a minute, in trial versions; what it says then is in Chinese. */
const TOO_OFTEN = /\u9891\u7e41/;
let last: Fix | undefined;

/** The phone's own position, with its accuracy and the moment it was measured. */
export async function locate(): Promise<Fix | NoPosition> {
  try {
    const { latitude, longitude, accuracy } = await wx.getLocation({
      type: 'gcj02',
      isHighAccuracy: true,
      highAccuracyExpireTime: BEST_WITHIN,
    });
    last = {
      latitude: rounded(latitude),
      longitude: rounded(longitude),
      ...(accuracy > 0 && { accuracy: Math.round(accuracy) }),
      source: 'gps',
      fixed_at: new Date(clock.now()).toISOString(),
    };
    return last;
  } catch (error) {
    const { errMsg = '' } = error as { errMsg?: string };
    if (TOO_OFTEN.test(errMsg) && last !== undefined) return last;
    return whyNoPosition(error as { errMsg?: string; errCode?: number });
  }
}

/** WeChat says it in words that differ between iOS, Android and versions. */
export function whyNoPosition({ errMsg = '', errCode }: { errMsg?: string; errCode?: number }): NoPosition {
  if (/auth den|authorize no|auth no|privacy|user den/i.test(errMsg)) return 'refused';
  if (
    errCode === 2 ||
    /system permission|not_?open|service.*(off|disabled)|locationSwitchOff|permissiondenied/i.test(errMsg)
  )
    return 'off';
  return 'failed';
}

/** Whether the person has refused before: WeChat does not ask again, only the settings help. */
export async function isRefused(): Promise<boolean> {
  const setting = await wx.getSetting().catch(() => undefined);
  return setting?.authSetting['scope.userLocation'] === false;
}

let offered = false;

/** The settings are offered once; who has come back from them without a change has decided. */
export function mayOfferSettings(): boolean {
  return !offered;
}

/** Opens the settings (only from a tap); true when the position is allowed afterwards. */
export async function allowInSettings(): Promise<boolean> {
  offered = true;
  const setting = await wx.openSetting().catch(() => undefined);
  return setting?.authSetting['scope.userLocation'] === true;
}

/** Lets the person pick a point on WeChat's map, which needs no permission; undefined when they cancel. */
export async function pickPoint(near?: Point): Promise<PickedPlace | undefined> {
  const around = near === undefined ? {} : { latitude: near.latitude, longitude: near.longitude };
  const picked = await wx.chooseLocation(around).catch(() => undefined);
  if (picked === undefined) return undefined;
  const { latitude, longitude, name, address } = picked;
  return {
    latitude: rounded(Number(latitude)),
    longitude: rounded(Number(longitude)),
    source: 'picked',
    fixed_at: new Date(clock.now()).toISOString(),
    ...(name && { name }),
    ...(address && { address }),
  };
}

/** Shows a point on WeChat's map, from where the person can start a navigation. */
export function showOnMap({ latitude, longitude }: Point, name: string, address = ''): void {
  void wx.openLocation({ latitude, longitude, name, address, scale: 16 }).catch(() => undefined);
}

/** Whether the person has allowed the position before: it can be read without asking. */
export async function isAllowed(): Promise<boolean> {
  const setting = await wx.getSetting().catch(() => undefined);
  return setting?.authSetting['scope.userLocation'] === true;
}
