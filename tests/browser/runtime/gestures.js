/** What glass-easel does not make of the browser's events: touches by mouse, long presses, keys, pressed looks. */
import { dispatch } from './backend.js';

const LONG_PRESS = 350;
const MOVED = 10;
let lastTouch = 0;
/** What the mouse was pressed on. */
let held;

export function watchGestures() {
  const listen = (type, listener) => document.body.addEventListener(type, listener, { capture: true, passive: true });
  for (const [mouse, touch] of [
    ['mousedown', 'touchstart'],
    ['mousemove', 'touchmove'],
    ['mouseup', 'touchend'],
  ]) {
    listen(mouse, (event) => touchByMouse(event, touch));
  }
  listen('touchstart', (event) => {
    lastTouch = event.timeStamp;
    press(event, event.changedTouches[0]);
  });
  listen('touchmove', (event) => move(event.changedTouches[0]));
  for (const type of ['touchend', 'touchcancel']) listen(type, release);
  listen('click', tapWithoutPointer);
  listen('keydown', tapByKey);
}

/** Browsers send mouse events after a touch as well; those are not touches again. */
function touchByMouse(event, type) {
  if (lastTouch > 0 && event.timeStamp - lastTouch < 1000) return;
  if (type === 'touchmove' && event.buttons !== 1) return;
  // A touch belongs to where it began, wherever the finger goes.
  if (type === 'touchstart') held = elementOf(event.target);
  const target = held ?? elementOf(event.target);
  if (type === 'touchend') held = undefined;
  if (target !== undefined)
    dispatch(target, type, {}, { originalEvent: event, bubbles: true, composed: true, capturePhase: true });
  if (type === 'touchstart') press(event, event);
  else if (type === 'touchmove') move(event);
  else release();
}

/** Assistive technology and scripts click without a finger. */
function tapWithoutPointer(event) {
  if (event.detail === 0 && !event.target.closest('input, textarea, select')) tap(event);
}

function tapByKey(event) {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  if (event.target.matches('[tabindex]') && event.target.tagName.startsWith('WX-')) tap(event);
}

function tap(event) {
  const target = elementOf(event.target);
  if (target === undefined) return;
  const { left, top } = event.target.getBoundingClientRect();
  dispatch(
    target,
    'tap',
    { x: left, y: top },
    { originalEvent: event, bubbles: true, composed: true, capturePhase: true },
  );
}

let timer;
let start;
let hovered = [];

function press(event, point) {
  start = { x: point.clientX, y: point.clientY };
  hover(event.target);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const target = elementOf(event.target);
    if (target === undefined) return;
    const options = { originalEvent: event, bubbles: true, composed: true, capturePhase: true };
    dispatch(target, 'longpress', start, options);
    dispatch(target, 'longtap', start, options);
  }, LONG_PRESS);
}

function move(point) {
  if (start === undefined) return;
  if (Math.hypot(point.clientX - start.x, point.clientY - start.y) > MOVED) release();
}

function release() {
  clearTimeout(timer);
  start = undefined;
  const leaving = hovered;
  hovered = [];
  // WeChat leaves the look for a moment, so that a quick tap is seen.
  setTimeout(() => leaving.forEach(([element, name]) => element.classList.toggle(name, false)), 70);
}

/** `hover-class` belongs to the component that wrote it, so the framework has to add it. */
function hover(from) {
  for (let node = from; node instanceof HTMLElement; node = node.parentElement) {
    const name = node.getAttribute('hover-class');
    if (!name || name === 'none' || node.hasAttribute('disabled')) continue;
    for (const one of name.split(/\s+/)) {
      node.__wxElement?.classList.toggle(one, true);
      hovered.push([node.__wxElement, one]);
    }
    if (node.hasAttribute('hover-stop-propagation')) return;
  }
}

function elementOf(node) {
  for (let current = node; current; current = current.parentNode) {
    if (current.__wxElement) return current.__wxElement;
  }
  return undefined;
}
