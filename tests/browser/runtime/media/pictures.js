/** Pictures: what they measure, and smaller ones made of them. */
import { WxFailure } from '../failure.js';
import { addTemporary } from '../files/disk.js';
import { typeOf } from '../files/types.js';

const ORIENTATIONS = ['up', 'up-mirrored', 'down', 'down-mirrored', 'left-mirrored', 'right', 'right-mirrored', 'left'];
const KINDS = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/gif': 'gif' };

/** @param {Uint8Array} bytes  @param {'from-image' | 'none'} turn whether it is turned upright  @throws {WxFailure} */
export async function decode(bytes, turn = 'from-image') {
  try {
    return await createImageBitmap(new Blob([bytes], { type: typeOf('', bytes) }), { imageOrientation: turn });
  } catch {
    throw new WxFailure('the file is not a picture');
  }
}

/** Size and orientation as they are in the file. */
export async function measure(bytes) {
  const { width, height } = await decode(bytes, 'none');
  const type = KINDS[typeOf('', bytes)] ?? 'unknown';
  return { width, height, type, orientation: ORIENTATIONS[orientationOf(bytes) - 1] ?? 'up' };
}

/** The number in the EXIF part of a JPEG file, 1 when there is none. */
function orientationOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return 1;
  for (let at = 2; at + 10 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === 0xffda || marker >> 8 !== 0xff) return 1;
    if (marker !== 0xffe1 || view.getUint32(at + 4) !== 0x45786966) continue;
    const start = at + 10;
    const little = view.getUint16(start) === 0x4949;
    const directory = start + view.getUint32(start + 4, little);
    for (let entry = 0; entry < view.getUint16(directory, little); entry++) {
      const field = directory + 2 + entry * 12;
      if (view.getUint16(field, little) === 0x0112) return view.getUint16(field + 8, little);
    }
    return 1;
  }
  return 1;
}

/**
 * Makes a file of something drawn.
 * @param {CanvasImageSource} source
 * @param {{ x: number, y: number, width: number, height: number }} part of the source
 * @param {{ width: number, height: number }} size
 * @param {{ type: 'image/png' | 'image/jpeg', quality?: number }} format
 * @returns {Promise<Uint8Array>}
 */
export async function render(source, part, size, { type, quality }) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(size.width));
  canvas.height = Math.max(1, Math.round(size.height));
  const context = canvas.getContext('2d');
  if (type === 'image/jpeg') {
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  if (blob === null) throw new WxFailure('the canvas cannot be read');
  return new Uint8Array(await blob.arrayBuffer());
}

const whole = ({ width, height }) => ({ x: 0, y: 0, width, height });

/** A smaller JPEG. One of the two sizes may be left out. */
export async function compress(bytes, { quality, width, height }) {
  const picture = await decode(bytes);
  const scale = (width ?? Infinity) === Infinity ? (height ?? picture.height) / picture.height : width / picture.width;
  const size = { width: width ?? picture.width * scale, height: height ?? picture.height * scale };
  return render(picture, whole(picture), size, { type: 'image/jpeg', quality: quality / 100 });
}

export async function saveRendered(source, part, size, format) {
  const bytes = await render(source, part, size, format);
  return addTemporary(bytes, format.type === 'image/png' ? '.png' : '.jpg');
}
