/** What a `<button open-type="…">` does besides its tap. */
import { showToast } from '../dialogs/toast.js';
import { ask } from '../dialogs/layer.js';
import { encryptedPhone, phoneCode } from '../simulator.js';
import { topPage } from '../page-stack.js';
import { openSettings } from '../permissions.js';
import { agreeByButton, requirePrivacy } from '../privacy.js';
import { recall } from '../settings.js';
import { recordCall, recordError } from '../record.js';

const ACTIONS = {
  agreePrivacyAuthorization(button) {
    agreeByButton(button._$.id);
    button.triggerEvent('agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' });
  },

  async getPhoneNumber(button) {
    button.triggerEvent('getphonenumber', await phoneNumber());
  },

  async openSetting(button) {
    button.triggerEvent('opensetting', { errMsg: 'openSetting:ok', authSetting: await openSettings() });
  },

  share(button) {
    const shared = topPage().call('onShareAppMessage', {
      from: 'button',
      target: { id: button._$.id, dataset: button._$.dataset },
    });
    recordCall('shareAppMessage', shared);
    showToast({ title: '已转发', duration: 1500 });
  },

  contact(button) {
    recordCall('openCustomerServiceConversation');
    button.triggerEvent('contact', { errMsg: 'enterContact:ok', path: '', query: {} });
  },

  feedback() {
    recordCall('openFeedback');
  },
};

export async function openButton(button, openType) {
  // One button may ask for consent and something else at once.
  for (const one of openType.split('|')) {
    if (ACTIONS[one] === undefined) recordError(`<button open-type="${one}"> is not simulated`);
    else await ACTIONS[one](button);
  }
}

async function phoneNumber() {
  try {
    await requirePrivacy('button.getPhoneNumber');
  } catch (error) {
    return { errMsg: `getPhoneNumber:fail ${error.message}`, ...error.fields };
  }
  const isAllowed = await ask('sheet phone-number', {
    title: '申请获取并验证你的手机号',
    buttons: [
      { id: 'wechat-phone-refuse', text: '不允许', value: false },
      { id: 'wechat-phone-allow', text: '允许', value: true, main: true },
    ],
  });
  if (!isAllowed) return { errMsg: 'getPhoneNumber:fail user deny' };
  const given = recall('phoneNumber', 'ok');
  if (given === 'no quota') return { errMsg: 'getPhoneNumber:fail jsapi has no permission', errno: 1400001 };
  try {
    // Both forms are for the same number; clients hand over the older one as well.
    const [code, encrypted] = await Promise.all([phoneCode(), encryptedPhone()]);
    return { errMsg: 'getPhoneNumber:ok', ...(given !== 'no code' && { code }), ...encrypted };
  } catch (error) {
    return { errMsg: `getPhoneNumber:fail ${error.message}` };
  }
}
