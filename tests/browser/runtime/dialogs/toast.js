import { byId, h } from '../dom.js';
import { packageUrl } from '../theme.js';

const ICONS = { success: '✓', error: '!', loading: '', none: '' };
let timer;

/** There is one toast; the loading one is the same. */
export function showToast({ title, icon = 'success', image, duration, mask }) {
  hideToast();
  const picture = image
    ? h('img', { src: packageUrl(image), alt: '' })
    : h('i', { class: `wechat-toast-${icon}` }, ICONS[icon]);
  const toast = h(
    'div',
    { id: 'wechat-toast', class: mask ? 'wechat-mask' : undefined },
    h(
      'div',
      { class: `wechat-toast-box wechat-${icon}`, role: 'status' },
      icon === 'none' && !image ? undefined : picture,
      h('span', {}, title),
    ),
  );
  byId('wechat-layers').append(toast);
  if (duration !== undefined) timer = setTimeout(hideToast, duration);
}

export function hideToast() {
  clearTimeout(timer);
  byId('wechat-toast')?.remove();
}
