/** Where the phone is, and what its location service makes of that. */
import { WxFailure } from '../failure.js';
import { recall, remember } from '../settings.js';
import { Signal } from '../signal.js';
import { toGcj02, toWgs84 } from './datum.js';

/**
 * @typedef {object} PhonePosition
 * @property {number} latitude degrees
 * @property {number} longitude degrees
 * @property {'wgs84' | 'gcj02'} [datum] in which the two are given; `wgs84` without it
 * @property {number} [accuracy] meters
 * @property {number} [altitude] meters
 * @property {number} [speed] meters per second
 */

const NO_SIGNAL = 'no signal';
/** 人民广场, Shanghai: where a phone is that nobody has moved. */
const START = { latitude: 31.23037, longitude: 121.4737, datum: 'gcj02' };
const ACCURACY = 20;
/** How long the phone looks for satellites before it gives up; a real one takes ten times as long. */
const PATIENCE = 300;

export const positionChanged = new Signal();

/** @returns {PhonePosition | null | 'no signal'} null: the location service is switched off */
export const position = () => recall('position', START);

export function setPosition(chosen) {
  if (chosen !== null && chosen !== NO_SIGNAL) checkPosition(chosen);
  remember('position', chosen);
  positionChanged.emit();
}

function checkPosition({ latitude, longitude, accuracy = ACCURACY, datum = 'wgs84' }) {
  const isOnGlobe = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (!isOnGlobe || !(accuracy > 0) || !['wgs84', 'gcj02'].includes(datum))
    throw new Error('a position needs latitude, longitude and an accuracy above zero; the datum is wgs84 or gcj02');
}

/**
 * One measurement.
 * @param {'wgs84' | 'gcj02'} type
 * @throws {WxFailure}
 */
export async function measure(type) {
  const place = position();
  if (place === null) throw new WxFailure('ERROR_NOCELL&WIFI_LOCATIONSWITCHOFF', { errCode: 2 });
  if (place === NO_SIGNAL) {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    throw new WxFailure('timeout');
  }
  return { ...place, ...inDatum(place, type), accuracy: place.accuracy ?? ACCURACY };
}

/** Where a map draws the phone, or undefined. */
export function shownPosition() {
  const place = position();
  return place === null || place === NO_SIGNAL ? undefined : inDatum(place, 'gcj02');
}

function inDatum({ latitude, longitude, datum = 'wgs84' }, wanted) {
  if (datum === wanted) return { latitude, longitude };
  return wanted === 'gcj02' ? toGcj02({ latitude, longitude }) : toWgs84({ latitude, longitude });
}
