/** Sizes of the phone. To a page, the point (0, 0) is where its own area begins, below the navigation bar. */
export const STATUS_BAR = 20;
export const NAVIGATION_BAR = 44;
export const TAB_BAR = 50;

/** The area of the page in front. */
export function pageArea() {
  const view = document.querySelector('.wechat-page-view:not([hidden])');
  return view?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
}

export function pagePosition({ x, y }) {
  const area = pageArea();
  return { x: x - area.left, y: y - area.top };
}

/** A rectangle as pages see it. */
export function pageRectangle(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const { x, y } = pagePosition({ x: left, y: top });
  return { left: x, top: y, right: x + width, bottom: y + height, width, height };
}

export function capsule() {
  const [width, height, top, margin] = [87, 32, STATUS_BAR + 6, 7];
  return { width, height, top, left: innerWidth - margin - width, right: innerWidth - margin, bottom: top + height };
}
