/** Where the person is, and places they choose or look at. */
import { isInFront } from '../application.js';
import { requireDeclared } from '../declared.js';
import { chooseLocation, showLocation } from '../dialogs/location.js';
import { WxFailure } from '../failure.js';
import { measure } from '../location/position.js';
import { requirePermission } from '../permissions.js';
import { requirePrivacy } from '../privacy.js';
import { asyncCall, expectType } from './define.js';

/** In development and trial versions only the first call within this time is answered (base library 2.17.0). */
const PAUSE = 30_000;
const TYPES = ['wgs84', 'gcj02'];

let answeredAt = -Infinity;

export function waitForLocation() {
  answeredAt = -Infinity;
}

function requireFront() {
  if (!isInFront()) throw new WxFailure('interrupted: the app is in the background');
}

asyncCall('getLocation', async ({ type = 'wgs84', altitude = false, isHighAccuracy = false }) => {
  expectType(altitude, 'Boolean', 'altitude');
  expectType(isHighAccuracy, 'Boolean', 'isHighAccuracy');
  if (!TYPES.includes(type)) throw new WxFailure(`parameter error: invalid type "${type}"`);
  requireDeclared('getLocation');
  requireFront();
  await requirePrivacy('getLocation');
  await requirePermission('scope.userLocation');
  requireFront();
  if (performance.now() - answeredAt < PAUSE)
    throw new WxFailure('频繁调用会增加电量损耗，可考虑使用 wx.onLocationChange 监听地理位置变化');
  const startedAt = performance.now();
  const fix = await measure(type);
  requireFront();
  answeredAt = startedAt;
  return {
    latitude: fix.latitude,
    longitude: fix.longitude,
    speed: fix.speed ?? -1,
    accuracy: fix.accuracy,
    altitude: altitude ? (fix.altitude ?? 0) : 0,
    verticalAccuracy: 0,
    horizontalAccuracy: fix.accuracy,
  };
});

asyncCall('chooseLocation', async ({ latitude, longitude }) => {
  requireDeclared('chooseLocation');
  if (latitude !== undefined || longitude !== undefined) expectPosition({ latitude, longitude });
  await requirePrivacy('chooseLocation');
  const chosen = await chooseLocation(latitude === undefined ? undefined : { latitude, longitude });
  if (chosen === undefined) throw new WxFailure('cancel');
  return chosen;
});

asyncCall('openLocation', ({ latitude, longitude, scale = 18, name = '', address = '' }) => {
  expectPosition({ latitude, longitude });
  showLocation({ latitude, longitude, scale: Math.max(5, Math.min(18, scale)), name, address });
});

/** Fails for what is not a point on the globe. */
export function expectPosition({ latitude, longitude }) {
  expectType(latitude, 'Number', 'latitude');
  expectType(longitude, 'Number', 'longitude');
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw new WxFailure('invalid coordinates');
}
