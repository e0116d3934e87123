/** Circles, lines and areas of a `<map>`. */
import { expectFields } from './fields.js';
import { metersPerPixel } from './mercator.js';
import { svg } from './svg.js';

const FIELDS = {
  circle: { needed: ['latitude', 'longitude', 'radius'], known: ['color', 'fillColor', 'strokeWidth', 'level'] },
  polyline: {
    needed: ['points'],
    known: ['color', 'width', 'dottedLine', 'arrowLine', 'borderColor', 'borderWidth', 'level'],
  },
  polygon: { needed: ['points'], known: ['strokeWidth', 'strokeColor', 'fillColor', 'zIndex', 'dashArray', 'level'] },
};
const BLACK = '#000000';

const pixels = (view, points) =>
  points
    .map((point) => view.toPixel(point))
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');

export function circleShape(view, circle) {
  expectFields('circles', circle, FIELDS.circle);
  const { x, y } = view.toPixel(circle);
  return svg('circle', {
    cx: x,
    cy: y,
    r: circle.radius / metersPerPixel(circle.latitude, view.scale),
    fill: circle.fillColor ?? 'none',
    stroke: circle.color ?? BLACK,
    'stroke-width': circle.strokeWidth ?? 1,
  });
}

export function lineShape(view, line) {
  expectFields('polyline', line, FIELDS.polyline);
  const { color = BLACK, width = 1, dottedLine, borderColor, borderWidth = 0 } = line;
  const points = pixels(view, line.points);
  const draw = (stroke, breadth) =>
    svg('polyline', {
      points,
      stroke,
      fill: 'none',
      'stroke-width': breadth,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'stroke-dasharray': dottedLine ? `${width * 2} ${width * 2}` : undefined,
    });
  const border = borderColor !== undefined && borderWidth > 0 ? [draw(borderColor, width + 2 * borderWidth)] : [];
  return [...border, draw(color, width)];
}

export function polygonShape(view, polygon) {
  expectFields('polygons', polygon, FIELDS.polygon);
  return svg('polygon', {
    points: pixels(view, polygon.points),
    fill: polygon.fillColor ?? 'none',
    stroke: polygon.strokeColor ?? BLACK,
    'stroke-width': polygon.strokeWidth ?? 1,
    'stroke-dasharray': polygon.dashArray?.join(' '),
  });
}
