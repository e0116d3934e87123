/** Being asked before a page is left. */
import { ask } from '../dialogs/layer.js';
import { h } from '../dom.js';
import { topPage } from '../page-stack.js';
import { asyncCall, expectType } from './define.js';

asyncCall('enableAlertBeforeUnload', ({ message }) => {
  expectType(message, 'String', 'message');
  topPage().alertBeforeUnload = message;
});
asyncCall('disableAlertBeforeUnload', () => {
  topPage().alertBeforeUnload = undefined;
});

/** @returns {Promise<boolean>} whether the page in front may be left */
export async function mayLeave() {
  const message = topPage()?.alertBeforeUnload;
  if (message === undefined) return true;
  return ask('modal leaving', {
    content: [h('p', {}, message)],
    buttons: [
      { id: 'wechat-leaving-stay', text: '取消', value: false },
      { id: 'wechat-leaving-leave', text: '确定', value: true, main: true },
    ],
  });
}
