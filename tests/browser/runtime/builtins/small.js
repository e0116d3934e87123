/** Small components: `<icon>`, `<progress>`, `<navigator>`. */
import { drawn, elementOf } from './define.js';
import { navigation } from '../page-stack.js';
import { recordCall, recordError } from '../record.js';

const ICONS = {
  success: ['✓', '#09bb07'],
  success_no_circle: ['✓', '#09bb07'],
  info: ['i', '#10aeff'],
  warn: ['!', '#f76260'],
  waiting: ['…', '#10aeff'],
  cancel: ['×', '#f43530'],
  clear: ['×', '#b2b2b2'],
  download: ['↓', '#09bb07'],
  search: ['⌕', '#b2b2b2'],
};

export const icon = drawn('icon', { type: String, size: { type: null, value: 23 }, color: String }, (element, data) => {
  const [sign, usual] = ICONS[data.type] ?? ['', '#000'];
  const isBare = data.type === 'search' || data.type?.endsWith('no_circle');
  element.textContent = sign;
  element.toggleAttribute('bare', isBare);
  element.style.setProperty('--icon-size', `${parseFloat(data.size) || 23}px`);
  element.style.setProperty('--icon-color', data.color || usual);
});

export const progress = drawn(
  'progress',
  {
    percent: Number,
    showInfo: Boolean,
    strokeWidth: { type: null, value: 6 },
    borderRadius: { type: null, value: 0 },
    activeColor: { type: String, value: '#09bb07' },
    backgroundColor: { type: String, value: '#ebebeb' },
  },
  (element, data) => {
    const percent = Math.min(100, Math.max(0, data.percent));
    element.setAttribute('role', 'progressbar');
    element.setAttribute('aria-valuenow', String(percent));
    element.toggleAttribute('show-info', data.showInfo);
    const look = {
      percent: `${percent}%`,
      width: `${parseFloat(data.strokeWidth)}px`,
      radius: `${parseFloat(data.borderRadius)}px`,
    };
    const colors = { color: data.activeColor, background: data.backgroundColor };
    for (const [name, value] of Object.entries({ ...look, ...colors }))
      element.style.setProperty(`--progress-${name}`, value);
    element.dataset.info = `${percent}%`;
  },
);

const OPEN_TYPES = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
};

export const navigator = {
  name: 'navigator',
  properties: {
    url: String,
    openType: { type: String, value: 'navigate' },
    delta: { type: Number, value: 1 },
    target: { type: String, value: 'self' },
    hoverClass: { type: String, value: 'navigator-hover' },
  },
  lifetimes: {
    attached() {
      const element = elementOf(this);
      element.setAttribute('role', 'link');
      element.setAttribute('hover-class', this.data.hoverClass);
      element.tabIndex = 0;
      this._$.addListener('tap', () => this.open());
    },
  },
  methods: {
    open() {
      const { url, openType, delta, target } = this.data;
      const name = OPEN_TYPES[openType];
      if (target !== 'self' || name === undefined)
        return recordError(`<navigator target="${target}" open-type="${openType}"> is not simulated`);
      recordCall(name, { url, delta });
      const refused = navigation[name](name === 'navigateBack' ? delta : url);
      if (refused === undefined) return this.triggerEvent('success', { errMsg: `${name}:ok` });
      recordError(`${name}:fail ${refused}`);
      return this.triggerEvent('fail', { errMsg: `${name}:fail ${refused}` });
    },
  },
};
