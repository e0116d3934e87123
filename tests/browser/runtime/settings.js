/**
 * What this phone is set to. The address of the frame holds what a cold start begins with; what the person has
 * answered or held before the camera is kept for the life of the browser tab.
 */
const address = new URLSearchParams(location.search);

/** The host's configuration, written into `phone.html` by the server. */
export const host = window.previewHost;

export const settings = {
  phone: address.get('phone') ?? 'a',
  user: address.get('user') ?? 'attendee',
  language: address.get('lang') === 'en' ? 'en' : 'zh_CN',
  theme: address.get('theme') === 'dark' ? 'dark' : 'light',
  page: address.get('page') ?? '',
  /** ok | missing | failing | hanging */
  wasm: address.get('wasm') ?? 'ok',
  scene: Number(address.get('scene') ?? 1001),
};

/** Names in localStorage and sessionStorage that belong to this phone begin with it. */
export const PREFIX = `mp:${settings.phone}:`;
const STATE = `${PREFIX}state`;

export function recall(key, fallback) {
  const state = JSON.parse(sessionStorage.getItem(STATE) ?? '{}');
  return key in state ? state[key] : fallback;
}

export function remember(key, value) {
  const state = JSON.parse(sessionStorage.getItem(STATE) ?? '{}');
  state[key] = value;
  sessionStorage.setItem(STATE, JSON.stringify(state));
}

/** The address that starts this phone as it is set now. */
export function startAddress(page = settings.page) {
  const { phone, user, language, theme, wasm } = settings;
  const query = new URLSearchParams({ phone, user, lang: language, theme, wasm, page });
  return `${location.pathname}?${query}`;
}
