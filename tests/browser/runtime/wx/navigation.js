import { drawBars } from '../bars/index.js';
import { changeTab, changeTabStyle, tabCount } from '../bars/tab-bar.js';
import { WxFailure } from '../failure.js';
import { EventChannel } from '../event-channel.js';
import { isTab, navigation, topPage } from '../page-stack.js';
import { asyncCall, expectType } from './define.js';
import { mayLeave } from './leaving.js';

/** Refuses as WeChat does. */
function go(refused) {
  if (refused !== undefined) throw new WxFailure(refused);
}

asyncCall('navigateTo', ({ url, events }) => {
  const eventChannel = new EventChannel(events);
  go(navigation.navigateTo(url, eventChannel));
  return { eventChannel };
});
asyncCall('redirectTo', ({ url }) => go(navigation.redirectTo(url)));
asyncCall('reLaunch', ({ url }) => go(navigation.reLaunch(url)));
asyncCall('switchTab', ({ url }) => go(navigation.switchTab(url)));
asyncCall('navigateBack', async ({ delta }) => {
  if (!(await mayLeave())) throw new WxFailure('cancel');
  go(navigation.navigateBack(delta));
});

function changeBar(change) {
  Object.assign(topPage().bar, change);
  drawBars();
}

asyncCall('setNavigationBarTitle', ({ title }) => {
  expectType(title, 'String', 'title');
  changeBar({ navigationBarTitleText: title });
});
asyncCall('setNavigationBarColor', ({ frontColor, backgroundColor }) => {
  if (!['#000000', '#ffffff'].includes(frontColor)) throw new WxFailure('invalid frontColor');
  changeBar({
    navigationBarTextStyle: frontColor === '#ffffff' ? 'white' : 'black',
    navigationBarBackgroundColor: backgroundColor,
  });
});
asyncCall('showNavigationBarLoading', () => changeBar({ isLoading: true }));
asyncCall('hideNavigationBarLoading', () => changeBar({ isLoading: false }));
asyncCall('setBackgroundColor', ({ backgroundColor }) => changeBar({ backgroundColor }));

/** A call about a tab, from a tab page and for a tab that is there. */
function tabCall(name, change) {
  asyncCall(name, (options) => {
    if (!isTab(topPage().route)) throw new WxFailure('not TabBar page');
    const { index } = options;
    if (index !== undefined && (index < 0 || index >= tabCount())) throw new WxFailure('tabbar item not found');
    change(options);
  });
}

tabCall('setTabBarItem', ({ index, text, iconPath, selectedIconPath }) => {
  const given = Object.entries({ text, iconPath, selectedIconPath }).filter(([, value]) => value !== undefined);
  changeTab(index, Object.fromEntries(given));
});
tabCall('setTabBarBadge', ({ index, text }) => changeTab(index, { badge: text.length > 4 ? '…' : text }));
tabCall('removeTabBarBadge', ({ index }) => changeTab(index, { badge: undefined }));
tabCall('showTabBarRedDot', ({ index }) => changeTab(index, { redDot: true }));
tabCall('hideTabBarRedDot', ({ index }) => changeTab(index, { redDot: false }));
tabCall('setTabBarStyle', ({ color, selectedColor, backgroundColor, borderStyle }) => {
  const given = Object.entries({ color, selectedColor, backgroundColor, borderStyle }).filter(
    ([, value]) => value !== undefined,
  );
  changeTabStyle(Object.fromEntries(given));
});
