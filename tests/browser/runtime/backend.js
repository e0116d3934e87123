/** The part of glass-easel that meets the browser's page: elements, events and style sheets. */
import { glassEasel } from 'glass-easel-miniprogram-adapter';
import { pagePosition } from './geometry.js';
import { createElement } from './framework.js';
import { showSheet } from './styles.js';

/** Events that pages may take from the browser; the built-in components make all others themselves. */
const NATIVE_EVENTS = new Set([
  'touchstart',
  'touchmove',
  'touchend',
  'touchcancel',
  'transitionend',
  'animationstart',
  'animationiteration',
  'animationend',
]);

export function createBackend() {
  const backend = new glassEasel.CurrentWindowBackendContext();
  backend.document = {
    createElement,
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  };
  backend.appendStyleSheetPath = (name) => {
    showSheet(name);
    return 0;
  };
  // A component that fires `input` itself must not also hear the browser's.
  const { setListenerStats } = backend;
  backend.setListenerStats = function (element, type, ...rest) {
    if (NATIVE_EVENTS.has(type)) setListenerStats.call(this, element, type, ...rest);
  };
  backend.onEvent(dispatch);
  return backend;
}

/**
 * Gives an event to the app.
 * @param {object} target an element of glass-easel
 * @param {string} type
 * @param {object} detail
 * @param {{ originalEvent?: Event }} options
 */
export function dispatch(target, type, detail, options) {
  const { originalEvent } = options;
  if (type === 'tap' && originalEvent?.target?.closest?.('wx-button[disabled]')) return undefined;
  // A native component keeps its taps to itself and makes its own events of them.
  if (type === 'tap' && originalEvent?.target?.closest?.('.wechat-native')) return undefined;
  const position = type === 'tap' || type === 'longpress' || type === 'longtap';
  return glassEasel.triggerEvent(target, type, position ? pagePosition(detail) : detail, {
    ...options,
    extraFields: type.startsWith('touch') ? touchesOn(target, originalEvent) : touchesOf(originalEvent),
  });
}

/** On a canvas a touch is told from the canvas's own corner, and nothing else of it. */
function touchesOn(target, event) {
  const fields = touchesOf(event);
  const canvas = target.$$?.closest?.('wx-canvas');
  if (!canvas) return fields;
  const { left, top } = canvas.getBoundingClientRect();
  const corner = pagePosition({ x: left, y: top });
  const inside = ({ identifier, clientX, clientY }) => ({ identifier, x: clientX - corner.x, y: clientY - corner.y });
  return { touches: fields.touches.map(inside), changedTouches: fields.changedTouches.map(inside) };
}

function touchesOf(event) {
  if (event === undefined) return { touches: [], changedTouches: [] };
  const point = (touch) => {
    const { x, y } = pagePosition({ x: touch.clientX, y: touch.clientY });
    return { identifier: touch.identifier ?? 0, clientX: x, clientY: y, pageX: x, pageY: y, force: 1 };
  };
  if ('changedTouches' in event) {
    return { touches: Array.from(event.touches, point), changedTouches: Array.from(event.changedTouches, point) };
  }
  const mouse = 'clientX' in event ? [point(event)] : [];
  return { touches: event.type === 'mouseup' ? [] : mouse, changedTouches: mouse };
}
