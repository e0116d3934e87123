/** Markers of a `<map>`: buttons that a test finds by `data-marker-id`, with their labels and callouts. */
import { convertUnits, h } from '../dom.js';
import { recordError } from '../record.js';
import { expectFields } from './fields.js';

const MARKER = {
  needed: ['id', 'latitude', 'longitude'],
  known: [
    'title',
    'zIndex',
    'iconPath',
    'rotate',
    'alpha',
    'width',
    'height',
    'callout',
    'label',
    'anchor',
    'collision',
    'ariaLabel',
    'aria-label',
  ],
};
const BOX = ['color', 'fontSize', 'borderRadius', 'borderWidth', 'borderColor', 'bgColor', 'padding', 'textAlign'];
const PLACED = [...BOX, 'anchorX', 'anchorY', 'collision'];
const CALLOUT = { needed: ['content'], known: [...PLACED, 'display'] };
const LABEL = { needed: ['content'], known: PLACED };

const length = (value) => (typeof value === 'number' ? `${value}px` : convertUnits(String(value)));

/**
 * @param {import('./view.js').MapView} view
 * @param {object[]} markers
 * @param {object} options
 * @param {Set<number>} options.opened markers that were tapped
 * @param {(path: string) => string | undefined} options.urlOf
 * @param {(event: 'markertap' | 'callouttap' | 'labeltap', markerId: number) => void} options.tell
 */
export function drawMarkers(view, markers, options) {
  const focused = document.activeElement?.dataset?.markerId;
  const ids = new Set();
  const drawn = markers.flatMap((marker) => {
    expectFields('markers', marker, MARKER);
    if (ids.has(marker.id)) recordError(`<map> markers: the id ${marker.id} is there twice`);
    ids.add(marker.id);
    return drawMarker(view, marker, options);
  });
  view.markers.replaceChildren(...drawn);
  // Drawn anew, the button that had the focus is another one.
  if (focused !== undefined) view.markers.querySelector(`button[data-marker-id="${CSS.escape(focused)}"]`)?.focus();
}

function drawMarker(view, marker, { opened, urlOf, tell }) {
  const { id, anchor = { x: 0.5, y: 1 }, rotate = 0, alpha = 1, zIndex, width, height } = marker;
  const { x, y } = view.toPixel(marker);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'wechat-map-marker',
      'data-marker-id': id,
      'aria-label': marker.ariaLabel ?? marker['aria-label'] ?? marker.title ?? marker.callout?.content ?? `标记 ${id}`,
      onclick: () => tell('markertap', id),
    },
    icon(marker, urlOf),
  );
  Object.assign(button.style, {
    left: `${x}px`,
    top: `${y}px`,
    transform: `translate(${-anchor.x * 100}%, ${-anchor.y * 100}%) rotate(${rotate}deg)`,
    opacity: alpha,
    zIndex: zIndex ?? '',
    width: width === undefined ? '' : length(width),
    height: height === undefined ? '' : length(height),
  });
  const parts = [button];
  if (marker.label !== undefined) parts.push(label(marker, { x, y }, tell));
  const callout = marker.callout ?? (marker.title && { content: marker.title, bgColor: '#fff', padding: 6 });
  if (callout && (callout.display === 'ALWAYS' || opened.has(id)))
    parts.push(calloutBox(marker, callout, { x, y }, tell));
  return parts;
}

function icon({ iconPath }, urlOf) {
  if (iconPath === undefined || iconPath === '') return h('div', { class: 'wechat-map-pin' });
  const src = urlOf(iconPath);
  const missing = () => recordError(`<map> markers: the icon "${iconPath}" is not there`);
  if (src === undefined) return missing();
  return h('img', { src, alt: '', draggable: 'false', onerror: missing });
}

function label(marker, { x, y }, tell) {
  expectFields('markers.label', marker.label, LABEL);
  const { anchorX = 0, anchorY = 0 } = marker.label;
  const box = textBox('label', marker, marker.label, () => tell('labeltap', marker.id));
  Object.assign(box.style, { left: `${x + anchorX}px`, top: `${y + anchorY}px` });
  return box;
}

function calloutBox(marker, callout, { x, y }, tell) {
  expectFields('markers.callout', callout, CALLOUT);
  const { anchorX = 0, anchorY = 0 } = callout;
  const box = textBox('callout', marker, callout, () => tell('callouttap', marker.id));
  const above = parseFloat(marker.height ?? 28) * (marker.anchor?.y ?? 1);
  Object.assign(box.style, {
    left: `${x + anchorX}px`,
    top: `${y - above + anchorY}px`,
    transform: 'translate(-50%, calc(-100% - 4px))',
    zIndex: 10,
  });
  return box;
}

function textBox(kind, { id }, said, onclick) {
  const box = h(
    'button',
    { type: 'button', class: `wechat-map-${kind}`, [`data-${kind}-of`]: id, onclick },
    said.content,
  );
  const {
    color = '',
    fontSize,
    borderRadius,
    borderWidth,
    borderColor = '',
    bgColor = '',
    padding,
    textAlign = '',
  } = said;
  const size = (value) => (value === undefined ? '' : length(value));
  Object.assign(box.style, {
    color,
    borderColor,
    textAlign,
    background: bgColor,
    fontSize: size(fontSize),
    borderRadius: size(borderRadius),
    borderWidth: size(borderWidth),
    borderStyle: 'solid',
    padding: size(padding),
  });
  return box;
}
