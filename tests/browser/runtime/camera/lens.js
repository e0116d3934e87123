import jsQR from 'jsqr';
import { h } from '../dom.js';
import { seenPicture, sight, sizeOf } from './sight.js';

const PACE = 100;
/** Side of the square that is searched for a code: enough for every code this app makes, and quick. */
const READ_SIZE = 420;

/** Shows in an element what the camera sees, and reads codes from it. */
export class Lens {
  /** @param {Element} element  @param {((text: string) => void) | undefined} onCode */
  constructor(element, onCode) {
    this.view = h('canvas', { class: 'wechat-lens', 'aria-hidden': 'true' });
    this.onCode = onCode;
    this.reader = h('canvas', { width: READ_SIZE, height: READ_SIZE }).getContext('2d', { willReadFrequently: true });
    element.prepend(this.view);
  }

  start() {
    this.timer ??= setInterval(() => this.look(), PACE);
    this.draw();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  look() {
    this.draw();
    if (this.onCode === undefined) return;
    const text = sight()?.text ?? this.read();
    if (text) this.onCode(text);
  }

  read() {
    const picture = seenPicture();
    if (picture === undefined) return undefined;
    this.reader.fillStyle = '#fff';
    this.reader.fillRect(0, 0, READ_SIZE, READ_SIZE);
    // A code must have a quiet margin; a screen that shows one has it.
    drawFitting(this.reader, picture, READ_SIZE, READ_SIZE, 0.9);
    const { data } = this.reader.getImageData(0, 0, READ_SIZE, READ_SIZE);
    return jsQR(data, READ_SIZE, READ_SIZE, { inversionAttempts: 'attemptBoth' })?.data;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.view;
    if (width === 0) return;
    Object.assign(this.view, { width, height });
    const context = this.view.getContext('2d');
    drawRoom(context, width, height);
    const picture = seenPicture();
    const text = sight()?.text;
    if (picture !== undefined) drawOnTable(context, picture, width, height);
    else if (text !== undefined) drawText(context, text, width, height);
  }
}

function drawRoom(context, width, height) {
  const light = context.createRadialGradient(width / 2, height / 3, 10, width / 2, height / 2, Math.max(width, height));
  light.addColorStop(0, '#4a4f57');
  light.addColorStop(1, '#14161a');
  context.fillStyle = light;
  context.fillRect(0, 0, width, height);
}

/** A picture lies in the middle, on white like the screen it comes from. */
function drawOnTable(context, picture, width, height) {
  const side = Math.min(width, height) * 0.62;
  context.save();
  context.translate(width / 2, height / 2);
  context.rotate(-0.02);
  context.fillStyle = '#fff';
  context.fillRect(-side / 2, -side / 2, side, side);
  context.translate(-side / 2, -side / 2);
  drawFitting(context, picture, side, side, 0.9);
  context.restore();
}

function drawFitting(context, picture, width, height, share) {
  const size = sizeOf(picture);
  const scale = Math.min(width / size.width, height / size.height) * share;
  const [w, h] = [size.width * scale, size.height * scale];
  context.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
}

function drawText(context, text, width, height) {
  context.fillStyle = '#fff';
  context.font = '13px monospace';
  context.textAlign = 'center';
  const perLine = Math.max(8, Math.floor(width / 10));
  const lines = text.match(new RegExp(`.{1,${perLine}}`, 'gsu')) ?? [];
  lines
    .slice(0, 8)
    .forEach((line, index) => context.fillText(line, width / 2, height / 2 + (index - lines.length / 2) * 18));
}
