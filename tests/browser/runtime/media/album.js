/** The pictures and videos on the phone, from which a person picks. */
import { keep, readAll, settled } from '../files/database.js';
import { typeOf } from '../files/types.js';

const KEY = 'album';
const CANCEL = 'cancel';

/** @typedef {{ type: 'image' | 'video', name: string, bytes: Uint8Array, duration?: number, width?: number, height?: number }} Item */

/** @type {Item[] | 'cancel' | null} */
let album = null;

export async function loadAlbum() {
  const kept = (await readAll()).find(([key]) => key === KEY);
  album = kept?.[1] ?? null;
}

/**
 * @param {({ type: 'image' | 'video', dataUrl?: string, url?: string, name: string, duration?: number }[]) | 'cancel' | null} chosen
 *   what is picked without asking; `'cancel'` leaves the picker; null lets a person pick
 */
export async function setAlbum(chosen) {
  album = Array.isArray(chosen) ? await Promise.all(chosen.map(read)) : chosen;
  if (album !== null && album !== CANCEL && !Array.isArray(album))
    throw new Error('an album is a list, "cancel" or null');
  keep(KEY, album);
  await settled();
}

async function read({ dataUrl, url, ...item }) {
  const response = await fetch(dataUrl ?? url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (item.type !== 'image' && item.type !== 'video') throw new Error('an item of the album is an image or a video');
  return { name: '', ...item, bytes };
}

export const currentAlbum = () => album;

/** A file that a person picks from the computer. */
export async function itemOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = (file.type || typeOf(file.name, bytes)).startsWith('video/') ? 'video' : 'image';
  return { type, name: file.name, bytes };
}
