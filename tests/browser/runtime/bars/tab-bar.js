/** The bar of the tab pages, and what the app changes of it while it runs. */
import { byId, h } from '../dom.js';
import { isTab, navigation, topPage } from '../page-stack.js';
import { packageUrl, themed } from '../theme.js';

let config;
/** By index: text and icons set by the app, and badges. */
const changes = new Map();
let style = {};

export function useTabBar(tabBar) {
  config = tabBar;
}

export const tabCount = () => config?.list.length ?? 0;

export function changeTab(index, change) {
  changes.set(index, { ...changes.get(index), ...change });
  drawTabBar();
}

export function changeTabStyle(change) {
  style = { ...style, ...change };
  drawTabBar();
}

export function drawTabBar() {
  const bar = byId('wechat-tab-bar');
  const route = topPage()?.route;
  const isShown = config !== undefined && isTab(route);
  bar.hidden = !isShown;
  if (!isShown) return;
  const looks = { ...themed(config), ...style };
  bar.style.background = looks.backgroundColor ?? '#fff';
  bar.style.borderTopColor = looks.borderStyle === 'white' ? 'rgba(255, 255, 255, 0.1)' : 'rgba(0, 0, 0, 0.12)';
  bar.replaceChildren(...looks.list.map((item, index) => tab({ ...item, ...changes.get(index) }, index, looks, route)));
}

function tab(item, index, looks, route) {
  const isCurrent = item.pagePath === route;
  const icon = themed(isCurrent ? item.selectedIconPath : item.iconPath);
  const button = h(
    'button',
    {
      'aria-current': isCurrent && 'page',
      'data-path': item.pagePath,
      style: `color: ${(isCurrent ? looks.selectedColor : looks.color) ?? '#666'}`,
      onclick: () => tapped(item, index),
    },
    icon && h('img', { src: packageUrl(icon), alt: '' }),
    h('span', {}, item.text),
    item.badge && h('b', { class: 'wechat-badge' }, item.badge),
    item.redDot && h('b', { class: 'wechat-badge wechat-dot' }),
  );
  return button;
}

function tapped({ pagePath, text }, index) {
  navigation.switchTab(`/${pagePath}`);
  topPage().call('onTabItemTap', { index, pagePath, text });
}
