/** Makes an element: `h('div', { class: 'x', onclick }, 'text', child)`. Properties that are undefined are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** `someName` as attributes write it. */
export const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Units of WXSS in a style written in a template. */
export function convertUnits(style) {
  return style
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, number) => `${number / 7.5}vw`)
    .replace(/(-?\d*\.?\d+)vh\b/g, '$1cqh');
}
