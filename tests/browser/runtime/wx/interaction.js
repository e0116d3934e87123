import { createAnimation } from '../animation.js';
import { hideToast, showToast } from '../dialogs/toast.js';
import { showActionSheet, showModal } from '../dialogs/modal.js';
import { WxFailure } from '../failure.js';
import { topPage } from '../page-stack.js';
import { asyncCall, expectType, syncCall } from './define.js';

const MOST_ITEMS = 6;

asyncCall('showToast', (options) => {
  expectType(options.title, 'String', 'title');
  showToast({ duration: 1500, ...options });
});
asyncCall('hideToast', hideToast);
asyncCall('showLoading', (options) => {
  expectType(options.title, 'String', 'title');
  showToast({ ...options, icon: 'loading', image: undefined, duration: undefined });
});
asyncCall('hideLoading', hideToast);
asyncCall('showModal', (options) => {
  for (const [field, most] of [
    ['confirmText', 4],
    ['cancelText', 4],
  ]) {
    if ((options[field]?.length ?? 0) > most)
      throw new WxFailure(`${field} length should not larger than ${most} Chinese characters`);
  }
  return showModal(options);
});
asyncCall('showActionSheet', async (options) => {
  expectType(options.itemList, 'Array', 'itemList');
  if (options.itemList.length === 0 || options.itemList.length > MOST_ITEMS) {
    throw new WxFailure('parameter error: itemList should not be larger than 6 and not empty');
  }
  const tapIndex = await showActionSheet(options);
  if (tapIndex === undefined) throw new WxFailure('cancel');
  return { tapIndex };
});

asyncCall('startPullDownRefresh', () => topPage().pullDown());
asyncCall('stopPullDownRefresh', () => topPage().stopPullDown());
asyncCall('pageScrollTo', ({ scrollTop, selector, duration = 300 }) => {
  const { scroller } = topPage();
  const target = selector === undefined ? undefined : scroller.querySelector(selector);
  if (selector !== undefined && target === null) throw new WxFailure('selector matches nothing');
  const top =
    scrollTop ?? target.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  scroller.scrollTo({ top, behavior: duration > 0 ? 'smooth' : 'instant' });
});
asyncCall('hideKeyboard', () => document.activeElement?.blur());
syncCall('createAnimation', createAnimation, { isRecorded: false });
