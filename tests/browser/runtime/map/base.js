/** What lies under everything on a map: a grid of degrees and a scale bar, because no tiles come from a network. */
import { metersPerPixel } from './mercator.js';
import { svg } from './svg.js';

const STEPS = [1, 2, 5];
const LEAST_GAP = 90;
const LONGEST_BAR = 90;

/** The largest of 1, 2, 5, 10, … that is not above a number. */
function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return STEPS.findLast((step) => step * power <= value * (1 + 1e-9)) * power;
}

function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([...STEPS, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** @param {import('./view.js').MapView} view  @returns {SVGElement[]} */
export function gridLines(view) {
  const { width, height } = view.size;
  const { southwest, northeast } = view.region();
  const step = roundUp(((northeast.longitude - southwest.longitude) / width) * LEAST_GAP);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const lines = [];
  const multiples = (from, until) => {
    const first = Math.ceil(from / step);
    const count = Math.min(100, Math.max(0, Math.floor(until / step) - first + 1));
    return Array.from({ length: count }, (_, index) => (first + index) * step);
  };
  for (const longitude of multiples(southwest.longitude, northeast.longitude)) {
    const { x } = view.toPixel({ latitude: 0, longitude });
    lines.push(svg('line', { x1: x, x2: x, y1: 0, y2: height }));
    lines.push(svg('text', { x: x + 3, y: 11 }, longitude.toFixed(digits)));
  }
  for (const latitude of multiples(southwest.latitude, northeast.latitude)) {
    const { y } = view.toPixel({ latitude, longitude: 0 });
    lines.push(svg('line', { x1: 0, x2: width, y1: y, y2: y }));
    lines.push(svg('text', { x: 3, y: y - 3 }, latitude.toFixed(digits)));
  }
  return lines;
}

/** @returns {{ width: number, text: string }} pixels, and the length on the ground */
export function scaleBar(latitude, scale) {
  const pixel = metersPerPixel(latitude, scale);
  const meters = roundDown(LONGEST_BAR * pixel);
  return { width: meters / pixel, text: meters >= 1000 ? `${meters / 1000} km` : `${meters} m` };
}
