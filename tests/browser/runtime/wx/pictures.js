/** Picking, showing and making pictures and videos. */
import { drawingOf } from '../builtins/canvas.js';
import { pickMedia, showMedia } from '../dialogs/media.js';
import { WxFailure } from '../failure.js';
import { addTemporary } from '../files/disk.js';
import { bytesOf } from '../files/operations.js';
import { extensionFor, typeOf } from '../files/types.js';
import { currentAlbum } from '../media/album.js';
import { compress, measure, saveRendered } from '../media/pictures.js';
import { measureVideo } from '../media/videos.js';
import { requirePrivacy } from '../privacy.js';
import { isRemote, sourceUrl } from '../sources.js';
import { asyncCall, expectType } from './define.js';
import { isOnline } from './network.js';
import { offline, serverUrl, unreachable } from './transport.js';

const MOST = 20;

/** Fails for a value that is not in a list of those WeChat knows. */
function expectOneOf(values, known, field) {
  expectType(values, 'Array', field);
  const other = values.find((value) => !known.includes(value));
  if (other !== undefined || values.length === 0) throw new WxFailure(`parameter error: invalid ${field} "${other}"`);
}

asyncCall('chooseMedia', async (options) => {
  const { count = 9, mediaType = ['image', 'video'], sourceType = ['album', 'camera'] } = options;
  const { sizeType = ['original', 'compressed'], maxDuration = 10, camera = 'back' } = options;
  expectType(count, 'Number', 'count');
  if (!Number.isInteger(count) || count < 1 || count > MOST) throw new WxFailure('parameter error: invalid count');
  expectOneOf(mediaType, ['image', 'video', 'mix'], 'mediaType');
  expectOneOf(sourceType, ['album', 'camera'], 'sourceType');
  expectOneOf(sizeType, ['original', 'compressed'], 'sizeType');
  expectOneOf([camera], ['back', 'front'], 'camera');
  if (!(maxDuration >= 3 && maxDuration <= 60)) throw new WxFailure('parameter error: invalid maxDuration');
  await requirePrivacy('chooseMedia');
  const kinds = mediaType.includes('mix') ? ['image', 'video'] : mediaType;
  const picked = await pick({ count, kinds, sources: sourceType });
  if (picked === undefined || picked.length === 0) throw new WxFailure('cancel');
  const tempFiles = await Promise.all(picked.map((item) => chosen(item, !sizeType.includes('original'))));
  const types = new Set(tempFiles.map(({ fileType }) => fileType));
  return { tempFiles, type: types.size > 1 ? 'mix' : [...types][0] };
});

/** What `phone.setAlbum` holds is picked at once; else the person picks. */
function pick(options) {
  const album = currentAlbum();
  if (album === 'cancel') return undefined;
  if (album === null) return pickMedia(options);
  return album.filter(({ type }) => options.kinds.includes(type)).slice(0, options.count);
}

async function chosen(item, isCompressed) {
  if (item.type === 'video') {
    const tempFilePath = addTemporary(item.bytes, extensionFor(typeOf(item.name, item.bytes)) || '.mp4');
    return { tempFilePath, size: item.bytes.length, fileType: 'video', ...(await measureVideo(item.bytes, item)) };
  }
  const bytes = isCompressed ? await compress(item.bytes, { quality: 80 }) : item.bytes;
  const tempFilePath = addTemporary(bytes, extensionFor(typeOf(item.name, bytes)) || '.jpg');
  return { tempFilePath, size: bytes.length, fileType: 'image' };
}

asyncCall('previewMedia', ({ sources, current = 0 }) => {
  expectType(sources, 'Array', 'sources');
  if (sources[current] === undefined) throw new WxFailure('parameter error: invalid current');
  showMedia(
    sources.map(({ url, type = 'image' }) => ({ type, address: shown(url) })),
    current,
  );
});

asyncCall('previewImage', ({ urls, current }) => {
  expectType(urls, 'Array', 'urls');
  if (urls.length === 0) throw new WxFailure('parameter error: urls is empty');
  const at = typeof current === 'number' ? current : Math.max(0, urls.indexOf(current));
  showMedia(
    urls.map((url) => ({ type: 'image', address: shown(url) })),
    Math.min(at, urls.length - 1),
  );
});

/** Files and pictures of servers; what lies in the package is not shown here. */
function shown(url) {
  expectType(url, 'String', 'url');
  const address = isRemote(url) || url.startsWith('wxfile://') ? sourceUrl(url) : undefined;
  if (address === undefined) throw new WxFailure(`the file "${url}" is not there`);
  return isRemote(url) && !isOnline() ? undefined : address;
}

asyncCall('compressImage', async ({ src, quality = 80, compressedWidth: width, compressedHeight: height }) => {
  expectType(quality, 'Number', 'quality');
  if (!(quality >= 0 && quality <= 100)) throw new WxFailure('parameter error: invalid quality');
  const bytes = bytesOf(src, 'src');
  return { tempFilePath: addTemporary(await compress(bytes, { quality, width, height }), '.jpg') };
});

asyncCall('getImageInfo', async ({ src }) => {
  expectType(src, 'String', 'src');
  const bytes = isRemote(src) ? await download(src) : bytesOf(src, 'src');
  const info = await measure(bytes);
  const path = isRemote(src) ? addTemporary(bytes, extensionFor(typeOf('', bytes))) : src.replace(/^\//, '');
  return { ...info, path };
});

async function download(url) {
  const address = serverUrl(url);
  if (!isOnline()) throw offline();
  const response = await fetch(address, { credentials: 'omit' });
  if (response.headers.has('x-preview-unreachable')) throw unreachable();
  if (!response.ok) throw new WxFailure(`download image fail. reason: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

asyncCall(
  'canvasToTempFilePath',
  async ({ canvas, x = 0, y = 0, width, height, destWidth, destHeight, ...options }) => {
    const { fileType = 'png', quality = 1 } = options;
    const drawing = canvas === undefined ? undefined : drawingOf(canvas);
    if (drawing === undefined) throw new WxFailure('fail canvas is empty');
    if (!['png', 'jpg'].includes(fileType)) throw new WxFailure(`parameter error: invalid fileType "${fileType}"`);
    const part = { x, y, width: width ?? drawing.width - x, height: height ?? drawing.height - y };
    if (!(part.width > 0 && part.height > 0)) throw new WxFailure('fail canvas is empty');
    const size = {
      width: destWidth ?? part.width * devicePixelRatio,
      height: destHeight ?? part.height * devicePixelRatio,
    };
    const share = quality > 0 && quality <= 1 ? quality : 1;
    const format = fileType === 'png' ? { type: 'image/png' } : { type: 'image/jpeg', quality: share };
    return { tempFilePath: await saveRendered(drawing, part, size, format) };
  },
);
