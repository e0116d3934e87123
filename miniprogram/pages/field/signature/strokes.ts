/** A signature as strokes, each with the box in which it was drawn: so it survives turning the phone. */
export interface Dot {
  /** In the pixels of the box in which it was drawn. */
  x: number;
  y: number;
}

/** One stroke, and the shape of the box in which it was drawn. */
export interface Stroke {
  dots: Dot[];
  width: number;
  height: number;
}

/** Fewer dots than this are a slip of the finger, not a signature. */
const LEAST_DOTS = 8;

export function isSignature(strokes: readonly Stroke[]): boolean {
  return strokes.reduce((count, { dots }) => count + dots.length, 0) >= LEAST_DOTS;
}

/** A dot of a stroke in another box: as large as it fits, in the middle. */
export function placed(
  { x, y }: Dot,
  drawn: Pick<Stroke, 'width' | 'height'>,
  box: { width: number; height: number },
): Dot {
  const scale = Math.min(box.width / drawn.width, box.height / drawn.height);
  const left = (box.width - drawn.width * scale) / 2;
  const top = (box.height - drawn.height * scale) / 2;
  return { x: left + x * scale, y: top + y * scale };
}

/** The part of a canvas that can draw lines. */
export interface Pen {
  beginPath(): void;
  moveTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
}

/** Draws a stroke as a smooth line through the middles between its dots. */
export function draw(pen: Pen, stroke: Stroke, box: { width: number; height: number }): void {
  const [first, ...rest] = stroke.dots.map((dot) => placed(dot, stroke, box));
  if (first === undefined) return;
  pen.beginPath();
  pen.moveTo(first.x, first.y);
  let before = first;
  for (const dot of rest) {
    pen.quadraticCurveTo(before.x, before.y, (before.x + dot.x) / 2, (before.y + dot.y) / 2);
    before = dot;
  }
  // A single dot is seen too.
  pen.lineTo(before.x + 0.1, before.y);
  pen.stroke();
}
