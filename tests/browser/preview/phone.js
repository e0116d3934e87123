/** One drawn phone with its controls. */
import { h } from './elements.js';
import { createLog } from './log.js';
import { createPanel } from './panel.js';

const FIRST = 'a';

/**
 * @param {string} name
 * @param {string} user
 * @param {() => string[]} allNames
 */
export function createPhone(name, user, allNames) {
  const start = new URLSearchParams({ phone: name, user, lang: 'zh_CN', theme: 'light', wasm: 'ok', page: '' });
  const frame = h('iframe', {
    src: `/phone.html?${start}`,
    title: `手机 Phone ${name.toUpperCase()}`,
    allow: 'autoplay',
  });
  const log = createLog();
  const get = () => frame.contentWindow.phone;
  const panel = createPanel({ name, user, get, frame, others: () => allNames().filter((other) => other !== name) });
  frame.addEventListener('load', () => {
    // What most people try first is one phone scanning the other.
    if (name !== FIRST && get().state().camera === null) get().setCamera({ phone: FIRST });
    log.watch(get());
    panel.show(get());
    panel.enable(true);
    frame.contentWindow.addEventListener('pagehide', () => panel.enable(false));
  });
  const body = h('div', { class: 'phone' }, frame);
  const tools = h('div', { class: 'tools' }, panel.element, log.element);
  return {
    name,
    panel,
    element: h('section', { class: 'stand', 'aria-label': `Phone ${name.toUpperCase()}` }, body, tools),
  };
}
