/** The spherical Mercator projection of web maps: at scale n the world is 256 · 2ⁿ pixels wide. */

const TILE = 256;
const RADIUS = 6378137;
/** Beyond it the square of the world ends. */
const MOST_LATITUDE = 85.05112878;

const radians = (degrees) => (degrees * Math.PI) / 180;
const worldSize = (scale) => TILE * 2 ** scale;

/** @returns {{ x: number, y: number }} pixels from the north-west corner of the world */
export function project({ latitude, longitude }, scale) {
  const clamped = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude));
  const y = Math.log(Math.tan(Math.PI / 4 + radians(clamped) / 2));
  const size = worldSize(scale);
  return { x: (longitude / 360 + 0.5) * size, y: (0.5 - y / (2 * Math.PI)) * size };
}

/** @returns {{ latitude: number, longitude: number }} degrees */
export function unproject({ x, y }, scale) {
  const size = worldSize(scale);
  const latitude = 2 * Math.atan(Math.exp((0.5 - y / size) * 2 * Math.PI)) - Math.PI / 2;
  return { latitude: (latitude * 180) / Math.PI, longitude: (x / size - 0.5) * 360 };
}

/** Meters on the ground that one pixel covers. */
export const metersPerPixel = (latitude, scale) =>
  (2 * Math.PI * RADIUS * Math.cos(radians(latitude))) / worldSize(scale);

/**
 * The center and the largest whole scale at which all points are in a box.
 * @param {{ latitude: number, longitude: number }[]} points at least one
 * @param {{ width: number, height: number }} size pixels
 * @param {[number, number, number, number]} padding top, right, bottom, left
 * @param {{ least: number, most: number }} limits of the scale
 */
export function fit(points, size, [top, right, bottom, left], { least, most }) {
  const room = { x: Math.max(1, size.width - left - right), y: Math.max(1, size.height - top - bottom) };
  let scale = most;
  for (; scale > least; scale--) {
    const { min, max } = extent(points, scale);
    if (max.x - min.x <= room.x && max.y - min.y <= room.y) break;
  }
  const { min, max } = extent(points, scale);
  const middle = { x: (min.x + max.x + right - left) / 2, y: (min.y + max.y + bottom - top) / 2 };
  return { center: unproject(middle, scale), scale };
}

function extent(points, scale) {
  const pixels = points.map((point) => project(point, scale));
  const of = (pick, axis) => pick(...pixels.map((pixel) => pixel[axis]));
  return { min: { x: of(Math.min, 'x'), y: of(Math.min, 'y') }, max: { x: of(Math.max, 'x'), y: of(Math.max, 'y') } };
}
