/** What WeChat itself shows over a mini program. */
import { byId, h } from '../dom.js';

/**
 * Shows something over the page until `close` is called.
 * @param {string} kind class names, without the `wechat-` that keeps the app's styles away
 * @param {(close: () => void) => Node[]} build
 * @param {{ role?: string, label?: string, onBackdrop?: () => void }} [options]
 */
export function showLayer(kind, build, { role = 'dialog', label, onBackdrop } = {}) {
  const layer = h('div', { class: ['layer', ...kind.split(' ')].map((name) => `wechat-${name}`).join(' ') });
  const close = () => layer.remove();
  const box = h('div', { class: 'wechat-layer-box', role, 'aria-modal': 'true', 'aria-label': label }, ...build(close));
  layer.append(h('div', { class: 'wechat-backdrop', onclick: onBackdrop }), box);
  byId('wechat-layers').append(layer);
  return close;
}

/**
 * Asks something with a button for each answer.
 * @returns {Promise<unknown>} the value of the button
 */
export function ask(kind, { title, content = [], buttons }) {
  return new Promise((resolve) => {
    showLayer(
      kind,
      (close) =>
        [
          title && h('h2', {}, title),
          ...content,
          h(
            'div',
            { class: 'wechat-layer-buttons' },
            ...buttons.map(({ text, value, id, color, main }) =>
              h(
                'button',
                {
                  id,
                  class: main ? 'wechat-main' : undefined,
                  style: color && `color: ${color}`,
                  onclick: () => {
                    close();
                    resolve(typeof value === 'function' ? value() : value);
                  },
                },
                text,
              ),
            ),
          ),
        ].filter(Boolean),
      { label: title },
    );
  });
}
