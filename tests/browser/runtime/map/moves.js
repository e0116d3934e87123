/** What fingers do to a map: drag, zoom with the wheel or a double tap, tap. */

const MOVED = 5;
const DOUBLE_TAP = 300;
const WHEEL_PAUSE = 150;

/** @param {import('./view.js').MapView} view */
export function watchMapGestures(view) {
  const { element } = view;
  let start;
  let lastTap = { at: -Infinity };
  let wheelTimer;

  const pointOf = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.target.closest('button') || event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const { width, height } = view.size;
    start = { point: pointOf(event), middle: { x: width / 2, y: height / 2 }, center: view.center, isDragged: false };
  });
  element.addEventListener('pointermove', (event) => {
    if (start === undefined) return;
    const point = pointOf(event);
    const by = { x: point.x - start.point.x, y: point.y - start.point.y };
    if (!view.may.scroll || (!start.isDragged && Math.hypot(by.x, by.y) < MOVED)) return;
    if (!start.isDragged) view.onRegion?.('begin', 'gesture');
    start.isDragged = true;
    view.move({ center: start.center });
    view.move({ center: view.toPosition({ x: start.middle.x - by.x, y: start.middle.y - by.y }) });
  });
  element.addEventListener('pointerup', (event) => {
    const ended = start;
    start = undefined;
    if (ended === undefined) return;
    if (ended.isDragged) return view.onRegion?.('end', 'drag');
    const point = pointOf(event);
    if (Math.hypot(point.x - ended.point.x, point.y - ended.point.y) < MOVED) tap(point, event.timeStamp);
  });
  element.addEventListener('pointercancel', () => {
    start = undefined;
  });
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (!view.may.zoom) return;
      if (wheelTimer === undefined) view.onRegion?.('begin', 'gesture');
      clearTimeout(wheelTimer);
      zoomAt(pointOf(event), view.scale + (event.deltaY < 0 ? 0.5 : -0.5));
      wheelTimer = setTimeout(() => {
        wheelTimer = undefined;
        view.onRegion?.('end', 'scale');
      }, WHEEL_PAUSE);
    },
    { passive: false },
  );

  function tap(point, at) {
    const isDouble = at - lastTap.at < DOUBLE_TAP && Math.hypot(point.x - lastTap.x, point.y - lastTap.y) < 20;
    lastTap = isDouble ? { at: -Infinity } : { at, ...point };
    if (!isDouble) return view.onTap?.(view.toPosition(point));
    if (!view.may.zoom) return;
    view.onRegion?.('begin', 'gesture');
    zoomAt(point, view.scale + 1);
    view.onRegion?.('end', 'scale');
  }

  /** What lies under the finger stays there. */
  function zoomAt(point, scale) {
    const under = view.toPosition(point);
    view.move({ scale });
    const now = view.toPixel(under);
    const { width, height } = view.size;
    view.move({ center: view.toPosition({ x: width / 2 + now.x - point.x, y: height / 2 + now.y - point.y }) });
  }
}
