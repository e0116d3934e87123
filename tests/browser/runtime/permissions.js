/** What the person lets this mini program do, such as use the camera. Asked once, then changed in the settings only. */
import { h } from './dom.js';
import { purposeOf } from './declared.js';
import { ask, showLayer } from './dialogs/layer.js';
import { WxFailure } from './failure.js';
import { recall, remember } from './settings.js';

/** Scopes that exist here, with what WeChat calls them. */
export const SCOPES = {
  'scope.camera': '使用你的摄像头',
  'scope.record': '使用你的麦克风',
  'scope.userLocation': '获取你的位置信息',
};

/** Scopes that WeChat asks for only when `app.json` says why. */
const NEEDS_PURPOSE = new Set(['scope.userLocation']);

/** Only what was answered is in it, as in WeChat. */
export const authSetting = () => recall('permissions', {});

export function permit(scope, isAllowed) {
  const { [scope]: _, ...others } = authSetting();
  remember('permissions', isAllowed === null ? others : { ...others, [scope]: isAllowed });
}

/** @throws {WxFailure} */
export async function requirePermission(scope) {
  if (NEEDS_PURPOSE.has(scope) && purposeOf(scope) === undefined) throw new WxFailure('require permission desc');
  const answered = authSetting()[scope];
  const isAllowed = answered ?? (await askFor(scope));
  if (answered === undefined) permit(scope, isAllowed);
  if (!isAllowed) throw new WxFailure('auth deny', { errno: 103 });
}

function askFor(scope) {
  const purpose = purposeOf(scope);
  return ask('sheet permission', {
    title: `允许“牌坊”${SCOPES[scope]}？`,
    content: purpose === undefined ? [] : [h('p', {}, purpose)],
    buttons: [
      { id: 'wechat-permission-refuse', text: '拒绝', value: false },
      { id: 'wechat-permission-allow', text: '允许', value: true, main: true },
    ],
  });
}

/** The page of WeChat where answers can be changed. Resolves when the person leaves it. */
export function openSettings() {
  return new Promise((resolve) => {
    showLayer(
      'full settings',
      (close) => [
        h('h2', {}, '设置'),
        ...Object.entries(authSetting()).map(([scope, isAllowed]) =>
          h(
            'label',
            { class: 'wechat-settings-row' },
            SCOPES[scope] ?? scope,
            h('input', {
              type: 'checkbox',
              id: scope.replace('.', '-'),
              checked: isAllowed,
              onchange: (event) => permit(scope, event.target.checked),
            }),
          ),
        ),
        h(
          'button',
          {
            id: 'wechat-settings-close',
            class: 'wechat-main',
            onclick: () => {
              close();
              resolve(authSetting());
            },
          },
          '返回',
        ),
      ],
      { label: '设置' },
    );
  });
}
