/** Where an engineer is, and what that says about being on site. */
import * as clock from '../../../services/clock';
import { locate } from '../../../services/location';
import { isOnline } from '../../../services/network';
import type { ServiceSettings } from '../../../services/service-settings';
import { judgeCheckIn, type CheckInOutcome } from '../../../services/visits';
import type { Fix, PickedPlace, Point } from '../../../services/work-order-types';

export interface Whereabouts {
  fix?: Fix;
  /** Undefined where the rules do not run: the server judges alone. */
  outcome?: CheckInOutcome;
  distance_meters?: number;
}

/** A phone moves on while somebody writes: an older fix of its own is taken anew before it is sent. Milliseconds. */
const FRESH = 2 * 60_000;

/** Whether the phone should be asked again; a point that was picked by hand stays what the person has said. */
export function isOld({ source, fixed_at }: Pick<Fix, 'source' | 'fixed_at'>, now: number): boolean {
  return source === 'gps' && now - Date.parse(fixed_at) > FRESH;
}

/** The place as it is now; the one that was known where the phone finds no other. */
export async function renewed<T extends Fix>(place: T): Promise<T | Fix> {
  if (!isOld(place, clock.now())) return place;
  const found = await locate();
  return typeof found === 'string' ? place : found;
}

/** Judges a place as the server will, now. */
export async function judgePlace(
  place: PickedPlace | undefined,
  site: Point | undefined,
  { geofence_meters }: Pick<ServiceSettings, 'geofence_meters'>,
): Promise<Whereabouts> {
  const fix = place && fixOf(place);
  const judged = await judgeCheckIn({
    ...(site && { site: { latitude: site.latitude, longitude: site.longitude } }),
    fix,
    at: new Date(clock.now()).toISOString(),
    geofence_meters,
    offline: !isOnline(),
  });
  return { ...(fix && { fix }), ...judged };
}

function fixOf({ latitude, longitude, accuracy, source, fixed_at }: PickedPlace): Fix {
  return { latitude, longitude, ...(accuracy !== undefined && { accuracy }), source, fixed_at };
}
