/** `h('div', { class: 'x', onclick }, child)`, as in the runtime; the two never run in the same page. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Chinese with English beside it. */
export const both = (chinese, english) => [`${chinese} `, h('span', { lang: 'en' }, english)];

export function row(chinese, english, ...controls) {
  return h('label', { class: 'row' }, h('span', { class: 'row-name' }, ...both(chinese, english)), ...controls);
}

export function select(options, value, onchange) {
  const element = h(
    'select',
    { onchange: () => onchange(element.value) },
    ...options.map(([id, text]) => new Option(text, id)),
  );
  element.value = value;
  return element;
}

export function button(chinese, english, onclick) {
  return h('button', { type: 'button', onclick }, ...both(chinese, english));
}
