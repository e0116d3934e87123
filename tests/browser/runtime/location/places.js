/** Places that a search in WeChat's map finds. Whoever tests says which there are. */
import { recall, remember } from '../settings.js';

/** @typedef {{ name: string, address: string, latitude: number, longitude: number }} Place in GCJ-02 */

/** @param {Place[]} chosen */
export function setPlaces(chosen) {
  remember('places', chosen);
}

/** @returns {Place[]} those with the text in their name or address, and the point that the text itself says */
export function searchPlaces(text) {
  const wanted = text.trim();
  if (wanted === '') return [];
  const known = recall('places', []).filter(({ name, address }) => `${name} ${address}`.includes(wanted));
  const [, latitude, longitude] = /^(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)$/.exec(wanted) ?? [];
  if (latitude === undefined || Math.abs(latitude) > 85 || Math.abs(longitude) > 180) return known;
  return [...known, pointAt({ latitude: Number(latitude), longitude: Number(longitude) })];
}

/** A point that somebody tapped: it has an address and no name, as in WeChat. */
export function pointAt({ latitude, longitude }) {
  const text = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return { name: '', address: `预览地图 ${text}`, latitude, longitude };
}
