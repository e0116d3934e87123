/** What a video file measures, as far as the browser can play it. */
import { h } from '../dom.js';
import { addTemporary } from '../files/disk.js';
import { typeOf } from '../files/types.js';
import { saveRendered } from './pictures.js';

const PATIENCE = 5000;

/** @returns {Promise<{ width: number, height: number, duration: number, thumbTempFilePath: string }>} seconds */
export async function measureVideo(bytes, said) {
  const url = URL.createObjectURL(new Blob([bytes], { type: typeOf('', bytes) }));
  const video = h('video', { muted: true, preload: 'auto', src: url });
  try {
    await heard(video, 'loadeddata');
    const { videoWidth: width, videoHeight: height } = video;
    const part = { x: 0, y: 0, width, height };
    const thumbTempFilePath = await saveRendered(video, part, part, { type: 'image/jpeg', quality: 0.8 });
    const duration = said.duration ?? (Number.isFinite(video.duration) ? video.duration : 0);
    return { width, height, duration, thumbTempFilePath };
  } catch {
    // Not a kind that this browser plays: what was said of it has to do.
    const { width = 0, height = 0, duration = 0 } = said;
    return { width, height, duration, thumbTempFilePath: addTemporary(new Uint8Array(), '.jpg') };
  } finally {
    URL.revokeObjectURL(url);
  }
}

function heard(video, type) {
  return new Promise((resolve, reject) => {
    video.addEventListener(type, resolve, { once: true });
    video.addEventListener('error', reject, { once: true });
    setTimeout(reject, PATIENCE);
  });
}
