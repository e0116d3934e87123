/**
 * Photos and videos. What is picked is kept among the user files, so that it outlives a restart and a lost network; it
 * is sent under a key of its own, so that the server stores it once however often it is sent.
 */
import { SERVER } from '../config';
import { randomHex } from './random';
import { read, write } from './storage';
import type { LocalMedia, Media, MediaTile } from './media-types';
import { keepFile, removeFile, writeFile } from './user-files';

export const MOST_PHOTOS = 9;
export const MOST_VIDEOS = 1;
const VIDEO_SECONDS = 60;
const VIDEO_BYTES = 100 * 1024 * 1024;

/** What came of picking: `too_long`, `too_large` and `no_room` say what was left out, and why. */
export interface Picked {
  media: LocalMedia[];
  problem?: 'too_long' | 'too_large' | 'no_room' | 'refused';
}

/** Photos and videos from the album or the camera; nothing when the person cancels. `camera`: a live photo is wanted. */
export async function pickMedia(most: { photos: number; videos: number }, camera = false): Promise<Picked> {
  const videos = Math.min(most.videos, 1);
  const kinds: ('image' | 'video' | 'mix')[] =
    most.photos > 0 && videos > 0 ? ['mix'] : [videos > 0 ? 'video' : 'image'];
  try {
    const { tempFiles } = await wx.chooseMedia({
      count: most.photos + videos,
      mediaType: kinds,
      sizeType: ['compressed'],
      sourceType: camera ? ['camera'] : ['album', 'camera'],
      maxDuration: VIDEO_SECONDS,
      camera: 'back',
    });
    return await keepAll(tempFiles, most);
  } catch (error) {
    const { errMsg = '' } = error as { errMsg?: string };
    return /deny|denied|auth|privacy/.test(errMsg) ? { media: [], problem: 'refused' } : { media: [] };
  }
}

async function keepAll(
  files: WechatMiniprogram.MediaFile[],
  most: { photos: number; videos: number },
): Promise<Picked> {
  const left = { ...most };
  const picked: Picked = { media: [] };
  for (const file of files) {
    const video = file.fileType === 'video';
    if (video ? left.videos <= 0 : left.photos <= 0) continue;
    if (video && file.duration > VIDEO_SECONDS + 1) picked.problem = 'too_long';
    else if (video && file.size > VIDEO_BYTES) picked.problem = 'too_large';
    else {
      const kept = await keepTemporary(file, video);
      if (kept === undefined) picked.problem = 'no_room';
      else {
        picked.media.push(kept);
        if (video) left.videos -= 1;
        else left.photos -= 1;
      }
    }
  }
  return picked;
}

async function keepTemporary(file: WechatMiniprogram.MediaFile, video: boolean): Promise<LocalMedia | undefined> {
  const key = await randomHex(16);
  const path = await keepFile(file.tempFilePath, `${key}.${video ? 'mp4' : 'jpg'}`);
  if (path === undefined) return undefined;
  return remember({
    key,
    kind: video ? 'video' : 'photo',
    path,
    size: file.size,
    ...(video && { duration_ms: Math.round(file.duration * 1000) }),
  });
}

/** Keeps a drawn signature, given as the bytes of a PNG; undefined when the phone has no room. */
export async function keepSignature(png: ArrayBuffer): Promise<LocalMedia | undefined> {
  const key = await randomHex(16);
  const path = await writeFile(`${key}.png`, png);
  return path === undefined ? undefined : remember({ key, kind: 'signature', path, size: png.byteLength });
}

function remember(media: LocalMedia): LocalMedia | undefined {
  try {
    write('local_media', [...localMedia(), media]);
    return media;
  } catch (error) {
    console.error('the phone cannot keep media', error);
    removeFile(media.path);
    return undefined;
  }
}

function localMedia(): LocalMedia[] {
  return read('local_media') ?? [];
}

/** Those of the keys that the phone still has, in the order of the keys. */
export function keptMedia(keys: readonly string[]): LocalMedia[] {
  const known = new Map(localMedia().map((media) => [media.key, media]));
  return keys.flatMap((key) => known.get(key) ?? []);
}

/** Notes how far an upload is. */
export function noteUpload(key: string, known: Pick<LocalMedia, 'media_id' | 'owner'>): void {
  write(
    'local_media',
    localMedia().map((media) => (media.key === key ? { ...media, ...known } : media)),
  );
}

/** Gives media other keys, under which the server has nothing yet; answers those, in the same order. */
export async function renameMedia(keys: readonly string[]): Promise<string[]> {
  const names = new Map<string, string>();
  for (const key of keys) names.set(key, await randomHex(16));
  write(
    'local_media',
    localMedia().map((media) => {
      const key = names.get(media.key);
      const { media_id: _, owner: __, ...unsent } = media;
      return key === undefined ? media : { ...unsent, key };
    }),
  );
  return keys.map((key) => names.get(key) ?? key);
}

/** The server has them no more: they are sent anew. */
export function forgetUploads(keys: readonly string[]): void {
  write(
    'local_media',
    localMedia().map((media) => {
      if (!keys.includes(media.key)) return media;
      const { media_id: _, owner: __, ...unsent } = media;
      return unsent;
    }),
  );
}

/** Removes all of it from the phone, but what others need. */
export function dropAllMedia(needed: readonly string[] = []): void {
  dropMedia(localMedia().flatMap(({ key }) => (needed.includes(key) ? [] : [key])));
}

/** Removes from the phone what no draft needs any more. */
export function dropMedia(keys: readonly string[]): void {
  if (keys.length === 0) return;
  for (const { path } of keptMedia(keys)) removeFile(path);
  write(
    'local_media',
    localMedia().filter(({ key }) => !keys.includes(key)),
  );
}

const duration = (ms: number | null | undefined): string => {
  if (ms === undefined || ms === null) return '';
  const seconds = Math.max(1, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** What the server holds, for `media-grid`. */
export function tilesOf(media: readonly Media[]): MediaTile[] {
  return media.map(({ id, kind, url, duration_ms }) => ({
    key: id,
    kind,
    src: SERVER + url,
    status: 'sent',
    percent: 100,
    problem: '',
    duration: kind === 'video' ? duration(duration_ms) : '',
  }));
}

/** What the phone keeps, for `media-grid`; `uploads.ts` knows how far each is. */
export function tileOf(media: LocalMedia): MediaTile {
  const { key, kind, path, duration_ms, media_id } = media;
  const status = media_id === undefined ? 'kept' : 'sent';
  return {
    key,
    kind,
    src: path,
    status,
    percent: 0,
    problem: '',
    duration: kind === 'video' ? duration(duration_ms) : '',
  };
}
