/** The controls of one phone. */
import { createCameraControl } from './camera.js';
import { both, button, h, row, select } from './elements.js';
import { createPositionControl } from './position.js';

export function createPanel({ name, user, get, frame, others }) {
  const camera = createCameraControl(get, others);
  const position = createPositionControl(get);

  const userField = h('input', {
    list: 'users',
    value: user,
    onchange: () => {
      // Another person on this phone: nothing of the one before may stay.
      get().setUser(userField.value);
      get().clearStorage();
      get().restart();
    },
  });
  const pageField = h('input', { placeholder: '/pages/…', spellcheck: 'false' });
  const open = (event) => {
    event.preventDefault();
    get().restart(pageField.value);
  };
  const network = h('input', {
    type: 'checkbox',
    class: 'toggle',
    role: 'switch',
    checked: true,
    onchange: () => get().setNetwork(network.checked),
  });
  const theme = select(
    [
      ['light', '浅色 Light'],
      ['dark', '深色 Dark'],
    ],
    'light',
    (value) => get().setTheme(value),
  );
  const restartWith = (set) => (value) => {
    get()[set](value);
    get().restart();
  };
  const language = select(
    [
      ['zh_CN', '简体中文'],
      ['en', 'English'],
    ],
    'zh_CN',
    restartWith('setLanguage'),
  );
  const wasm = select(
    [
      ['ok', '可用 OK'],
      ['missing', '没有 Missing'],
      ['failing', '失败 Failing'],
      ['hanging', '无应答 Hanging'],
    ],
    'ok',
    restartWith('setWasm'),
  );
  const width = select(
    [
      ['375', '375 px'],
      ['430', '430 px'],
    ],
    '375',
    (value) => {
      frame.style.width = `${value}px`;
    },
  );
  let isHidden = false;
  const background = button('切到后台', 'Hide', () => {
    isHidden = !isHidden;
    get()[isHidden ? 'hide' : 'show']();
    background.replaceChildren(...(isHidden ? both('回到前台', 'Show') : both('切到后台', 'Hide')));
  });

  const element = h(
    'fieldset',
    { class: 'panel', disabled: true },
    h('h2', {}, ...both(`手机 ${name.toUpperCase()}`, 'Phone')),
    row('用户', 'User', userField),
    h(
      'form',
      { class: 'row', onsubmit: open },
      h('label', { class: 'row-name', for: `page-${name}` }, ...both('页面', 'Page')),
      pageField,
      h('button', { 'aria-label': '打开 Open' }, '打开'),
    ),
    ...camera.rows,
    ...position.rows,
    row('网络', 'Network', network),
    row('主题', 'Theme', theme),
    row('语言', 'Language', language),
    row('WASM', '', wasm),
    row('宽度', 'Width', width),
    h(
      'div',
      { class: 'buttons' },
      button('重新启动', 'Restart', () => get().restart()),
      button('清空存储', 'Clear', () => {
        get().clearStorage();
        get().restart();
      }),
      button('下拉刷新', 'Pull down', () => get().pullDown()),
      background,
      button('截屏', 'Capture', () => get().captureScreen()),
    ),
  );
  pageField.id = `page-${name}`;

  return {
    element,
    drawOthers: camera.drawOthers,
    /** While a phone starts there is nothing to control. */
    enable(isStarted) {
      element.disabled = !isStarted;
    },
    /** Shows what the phone is set to after a start. */
    show(phone) {
      const state = phone.state();
      userField.value = state.user;
      pageField.value = state.page;
      network.checked = state.network;
      theme.value = state.theme;
      language.value = state.language;
      wasm.value = state.wasm;
      camera.show(state.camera);
      position.show(state.position);
    },
  };
}
