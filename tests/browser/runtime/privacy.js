/**
 * Consent to the privacy guide. Until the person has agreed, interfaces that touch personal data wait: for the app's
 * own dialogue if it has one, else for WeChat's.
 */
import { h } from './dom.js';
import { ask, showLayer } from './dialogs/layer.js';
import { WxFailure } from './failure.js';
import { recall, remember } from './settings.js';

export const CONTRACT = '《牌坊小程序隐私保护指引》';
const NOT_AUTHORIZED = 104;

/** Buttons of the app that a person has really tapped. */
const tappedButtons = new Set();
let listener;

export const hasAgreed = () => recall('privacyAgreed', false);

/** The last listener counts, as in WeChat. */
export function onNeedPrivacyAuthorization(chosen) {
  listener = chosen;
}

/** A tap on `<button open-type="agreePrivacyAuthorization">` is the consent. */
export function agreeByButton(id) {
  if (id) tappedButtons.add(id);
  remember('privacyAgreed', true);
}

export function forgetPrivacy() {
  remember('privacyAgreed', false);
}

/** @param {string} referrer the interface that needs it  @throws {WxFailure} */
export async function requirePrivacy(referrer) {
  if (hasAgreed()) return;
  const agrees = listener === undefined ? await askAsWechat() : await askTheApp(referrer);
  if (!agrees) throw new WxFailure('privacy permission is not authorized', { errno: NOT_AUTHORIZED });
}

function askTheApp(referrer) {
  return new Promise((resolve) => {
    listener(
      ({ event, buttonId } = {}) => {
        if (event === 'exposureAuthorization') return; // The app only says that its dialogue is seen.
        resolve(event === 'agree' && tappedButtons.has(buttonId) && hasAgreed());
      },
      { referrer },
    );
  });
}

async function askAsWechat() {
  const agrees = await ask('sheet privacy', {
    title: '隐私保护提示',
    content: [
      h(
        'p',
        {},
        '在使用当前小程序服务之前，请仔细阅读',
        h(
          'a',
          {
            href: '#',
            onclick: (event) => {
              event.preventDefault();
              openContract();
            },
          },
          CONTRACT,
        ),
        '。',
      ),
    ],
    buttons: [
      { id: 'wechat-privacy-refuse', text: '拒绝', value: false },
      { id: 'wechat-privacy-agree', text: '同意', value: true, main: true },
    ],
  });
  if (agrees) remember('privacyAgreed', true);
  return agrees;
}

export function openContract() {
  showLayer(
    'full contract',
    (close) => [
      h('h2', {}, CONTRACT),
      h('p', {}, '在微信中，这里是在公众平台填写的隐私保护指引。'),
      h('button', { id: 'wechat-contract-close', class: 'wechat-main', onclick: close }, '返回'),
    ],
    { label: CONTRACT },
  );
}
