/** The bar above the page: status, back button, title, and the place of WeChat's own capsule. */
import { byId, h } from '../dom.js';
import { navigation, pages, topPage } from '../page-stack.js';
import { mayLeave } from '../wx/leaving.js';
import { themed } from '../theme.js';

export function createNavigationBar() {
  const back = h('button', {
    id: 'wechat-navigation-back',
    'aria-label': '返回',
    onclick: async () => {
      if (await mayLeave()) navigation.navigateBack(1);
    },
  });
  const loading = h('span', { id: 'wechat-navigation-loading', hidden: true });
  const title = h('span', { id: 'wechat-navigation-title', role: 'heading', 'aria-level': '1' });
  const capsule = h('div', { id: 'wechat-capsule', 'aria-hidden': 'true' }, h('i', {}, '•••'), h('i', {}, '◎'));
  byId('wechat-navigation-bar').append(
    h('div', { id: 'wechat-status-bar', 'aria-hidden': 'true' }, h('span', {}, '9:41'), h('span', {}, '▪▪▪ 100%')),
    h('div', { id: 'wechat-navigation' }, back, loading, title),
  );
  byId('wechat-phone').append(capsule);
}

/** Shows what the page in front wants. */
export function drawNavigationBar() {
  const page = topPage();
  if (page === undefined) return;
  const config = { ...themed(page.config), ...page.bar };
  const isCustom = config.navigationStyle === 'custom';
  const bar = byId('wechat-navigation-bar');
  const dark = config.navigationBarTextStyle !== 'white';
  bar.hidden = isCustom;
  bar.style.background = config.navigationBarBackgroundColor ?? '#ededed';
  bar.style.color = dark ? '#000' : '#fff';
  byId('wechat-capsule').classList.toggle('wechat-on-dark', !dark && !isCustom);
  byId('wechat-phone').style.background = config.backgroundColor ?? '#fff';
  byId('wechat-navigation-title').textContent = config.navigationBarTitleText ?? '';
  byId('wechat-navigation-back').hidden = pages().length < 2;
  byId('wechat-navigation-loading').hidden = !page.bar.isLoading;
  document.title = config.navigationBarTitleText ?? '';
}
