/**
 * What the phone's camera sees. A picture and another phone's screen are read as pixels, as a real camera would; a
 * text needs no reading.
 */
import { recall, remember } from '../settings.js';

/** @returns {null | { text: string } | { image: string } | { phone: string }} */
export const sight = () => recall('camera', null);

export function setSight(chosen) {
  remember('camera', chosen);
}

let picture;

/** Something that can be drawn on a canvas, or undefined when there is nothing but the dark. */
export function seenPicture() {
  const seen = sight();
  if (seen?.image !== undefined) {
    if (picture?.dataset.source !== seen.image) {
      picture = new Image();
      picture.dataset.source = seen.image;
      picture.src = seen.image;
    }
    return picture.complete && picture.naturalWidth > 0 ? picture : undefined;
  }
  return seen?.phone === undefined ? undefined : screenOf(seen.phone);
}

/** The largest canvas that the other phone shows; a code on a phone is drawn on one. */
function screenOf(name) {
  const canvases = [...framesAround()]
    .filter((frame) => frame.phone?.name === name)
    .flatMap((frame) => [...frame.document.querySelectorAll('.wechat-page-view:not([hidden]) canvas')])
    .filter((canvas) => canvas.width > 0 && canvas.getClientRects().length > 0);
  const area = (canvas) => canvas.width * canvas.height;
  return canvases.sort((one, other) => area(other) - area(one))[0];
}

function* framesAround() {
  for (let i = 0; i < window.parent.frames.length; i++) {
    const frame = window.parent.frames[i];
    if (frame !== window) yield frame;
  }
}

export const sizeOf = (picture) => ({
  width: picture.naturalWidth ?? picture.width,
  height: picture.naturalHeight ?? picture.height,
});
