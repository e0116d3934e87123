/**
 * Sends what the phone keeps. A photo goes in one piece; a video in parts, and after a cut or a restart only those that
 * the server has not received yet.
 */
import { askOpenly } from './asking';
import { asFailure, explain, Failure } from './failure';
import { keptMedia, noteUpload, tileOf } from './media';
import type { LocalMedia, Media, MediaOwner, MediaTile } from './media-types';
import { current, openly } from './session';
import { sendBytes, sendFile } from './transfer';
import { digestOf, isThere, readPart } from './user-files';

interface VideoUpload {
  id: string;
  part_size: number;
  /** Numbers of those that the server has. */
  parts: number[];
  status: string;
}

/** The server reads a whole video before it answers. */
const COMPLETE_TIMEOUT = 60_000;

interface Standing {
  percent: number;
  problem: string;
}

/** How far the uploads of this run are. */
const standing = new Map<string, Standing>();
const running = new Map<string, Promise<string>>();
const listeners = new Set<() => void>();

/** Tells each time an upload has come further. Answers a function that ends it. */
export function onUploads(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(key: string, now: Standing): void {
  standing.set(key, now);
  for (const listener of [...listeners]) listener();
}

/** For `media-grid`. */
export function tilesFor(keys: readonly string[]): MediaTile[] {
  return keptMedia(keys).map((media) => {
    const tile = tileOf(media);
    const now = standing.get(media.key);
    if (tile.status === 'sent' || now === undefined) return tile;
    return { ...tile, ...now, status: running.has(media.key) ? 'sending' : now.problem === '' ? 'kept' : 'failed' };
  });
}

/** Ids on the server of all that the keys name, in their order; sends what is not there yet. Throws the first failure. */
export async function uploadAll(keys: readonly string[], owner: MediaOwner): Promise<string[]> {
  const ids: string[] = [];
  for (const media of keptMedia(keys)) ids.push(await upload(media, owner));
  return ids;
}

/** Whose the upload is on the server; one of a stranger is of no use once the person has logged in. */
function ownerName(owner: MediaOwner): string {
  const session = current();
  const person = session?.organization.id === owner.organization_id ? session.person_id : undefined;
  return person ?? `draft:${owner.draft?.draft_id ?? ''}`;
}

/** Sends one file; a second call joins the first. Answers its id on the server. */
export function upload(media: LocalMedia, owner: MediaOwner): Promise<string> {
  const name = ownerName(owner);
  if (media.media_id !== undefined && media.owner === name) return Promise.resolve(media.media_id);
  const started = running.get(media.key);
  if (started !== undefined) return started;
  const done = sendKept(media, owner)
    .then((media_id) => {
      noteUpload(media.key, { media_id, owner: name });
      running.delete(media.key);
      tell(media.key, { percent: 100, problem: '' });
      return media_id;
    })
    .catch((error: unknown) => {
      running.delete(media.key);
      tell(media.key, { percent: 0, problem: explain(error) });
      throw error;
    });
  running.set(media.key, done);
  tell(media.key, { percent: 0, problem: '' });
  return done;
}

async function sendKept(media: LocalMedia, owner: MediaOwner): Promise<string> {
  // A transfer would say so as if there were no network.
  if (!(await isThere(media.path))) throw new Failure('file_gone', 410);
  return media.kind === 'video' ? sendVideo(media, owner) : sendPhoto(media, owner);
}

/** Names the draft where there is no person. */
function draftQuery({ organization_id, draft }: MediaOwner): Record<string, string> {
  const known = current()?.organization.id === organization_id;
  return known || draft === undefined ? {} : { ...draft };
}

const search = (query: Record<string, string>): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

async function sendPhoto({ key, kind, path }: LocalMedia, owner: MediaOwner): Promise<string> {
  const query = search({ kind, upload_key: key, ...draftQuery(owner) });
  const { id } = await openly(
    (token) => sendFile<Media>(`/api/v1/media?${query}`, path, token, (percent) => tell(key, { percent, problem: '' })),
    owner.organization_id,
  );
  return id;
}

async function sendVideo({ key, path }: LocalMedia, owner: MediaOwner): Promise<string> {
  const digest = await digestOf(path);
  if (digest === undefined) throw new Failure('video_unreadable', 400);
  const { size, sha256 } = digest;
  const body = { upload_key: key, size, sha256 };
  const parts = { query: draftQuery(owner), body };
  const begun = await askOpenly<VideoUpload>('post', '/api/v1/media/videos', parts, owner.organization_id);
  if (begun.status === 'ready') return begun.id;
  const count = Math.ceil(size / begun.part_size);
  const received = new Set(begun.parts);
  for (let number = 1; number <= count; number += 1) {
    if (!received.has(number)) await sendPart(path, begun, number, size, owner);
    received.add(number);
    tell(key, { percent: Math.floor((received.size / count) * 100), problem: '' });
  }
  const complete = { path: { id: begun.id }, query: draftQuery(owner), timeout: COMPLETE_TIMEOUT };
  const { id } = await askOpenly<Media>('post', '/api/v1/media/{id}/complete', complete, owner.organization_id);
  return id;
}

/** A part that was cut off is sent once more before the upload gives up until later. */
async function sendPart(
  path: string,
  { id, part_size }: VideoUpload,
  number: number,
  size: number,
  owner: MediaOwner,
): Promise<void> {
  const start = (number - 1) * part_size;
  const bytes = await readPart(path, start, Math.min(part_size, size - start));
  const query = search(draftQuery(owner));
  const address = `/api/v1/media/${encodeURIComponent(id)}/parts/${number}${query === '' ? '' : `?${query}`}`;
  const send = (): Promise<unknown> => openly((token) => sendBytes(address, bytes, token), owner.organization_id);
  await send().catch((error: unknown) => {
    if (!asFailure(error).offline) throw error;
    return send();
  });
}
