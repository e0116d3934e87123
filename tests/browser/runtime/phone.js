/** `window.phone`: what tests and the outer page see of a phone, and what they do to it. */
import { appEvents, hideApp, reopen, showApp } from './application.js';
import { drawBars } from './bars/index.js';
import { setSight, sight } from './camera/sight.js';
import { device } from './device.js';
import { settled } from './files/database.js';
import { clearDisk } from './files/disk.js';
import { setPlaces } from './location/places.js';
import { position, setPosition } from './location/position.js';
import { setAlbum } from './media/album.js';
import { navigation, pages, topPage } from './page-stack.js';
import { authSetting, permit } from './permissions.js';
import { forgetPrivacy } from './privacy.js';
import { calls, errors, recorded } from './record.js';
import { parseRoute } from './route.js';
import { remember, settings, startAddress } from './settings.js';
import { setStyleTheme } from './styles.js';
import { theme } from './theme.js';
import { screenCapture } from './wx/device.js';
import { waitForLocation } from './wx/location.js';
import { isSimulated, stub, wx } from './wx/index.js';
import { isOnline, setNetwork } from './wx/network.js';
import { clearStorage } from './wx/storage.js';

const url = (page) => `/${page.route}${page.search ? `?${page.search}` : ''}`;

export const phone = {
  name: settings.phone,
  /** The first page has run `onReady`. */
  ready: false,
  errors,
  calls,
  recorded,
  /** The client's calls, for what a test would otherwise have to tap its way to. */
  wx,

  page() {
    const top = topPage();
    return top && { route: top.route, query: { ...top.query }, data: JSON.parse(JSON.stringify(top.instance.data)) };
  },
  stack: () => pages().map(({ route }) => route),
  url: () => (topPage() ? url(topPage()) : ''),
  state: () => ({
    ...settings,
    network: isOnline(),
    camera: sight(),
    position: position(),
    permissions: authSetting(),
    theme: theme(),
  }),

  /** Who logs in from now on. The login that is stored stays; see `clearStorage`. */
  setUser(name) {
    settings.user = name;
  },
  setNetwork,
  /** @param {null | { text: string } | { image: string } | { phone: string }} seen */
  setCamera: setSight,
  /** Where the phone is, as `location/position.js` says; null: location is switched off; or `'no signal'`. */
  setPosition,
  /** What a search in `wx.chooseLocation` finds: `[{ name, address, latitude, longitude }]`. */
  setPlaces,
  /** What `wx.chooseMedia` picks, as `media/album.js` says; `'cancel'`; or null, and the person picks. */
  setAlbum,
  /** As if the time had passed after which `wx.getLocation` may be called again. */
  waitForLocation,
  setTheme(chosen) {
    const before = theme();
    settings.theme = chosen;
    if (theme() !== before) (drawTheme(), appEvents.themeChange.emit({ theme: theme() }));
  },
  /** Counts from the next start, as in WeChat. */
  setLanguage(language) {
    settings.language = language;
  },
  setWasm(mode) {
    settings.wasm = mode;
  },
  /** Answers for the person, who is then not asked; null lets WeChat ask again. */
  permit,
  stub,
  isSimulated,

  /** What the phone-number button gives: `ok`, `no quota`, or `no code` as clients before 2.21.2. */
  setPhoneNumber(given) {
    remember('phoneNumber', given);
  },

  /** A code or link opens the app that runs already; `scene` is how, in WeChat's numbers. */
  open(path, scene = 1047) {
    phone.hide();
    reopen(parseRoute(path), scene);
    navigation.reLaunch(path);
  },
  /** A cold start, at the same page or another. Storage, answers and the camera stay. */
  restart(path) {
    phone.ready = false;
    const address = startAddress(path ?? settings.page);
    // Files that were written without waiting are kept all the same.
    setTimeout(() => settled().then(() => location.replace(address)), 0);
  },
  hide() {
    topPage()?.root.getComponent().triggerPageLifetime('hide', []);
    topPage()?.call('onHide');
    hideApp();
  },
  show() {
    showApp();
    topPage()?.root.getComponent().triggerPageLifetime('show', []);
    topPage()?.call('onShow');
  },
  clearStorage() {
    clearStorage();
    clearDisk();
    forgetPrivacy();
    for (const scope of Object.keys(authSetting())) permit(scope, null);
  },
  pullDown: () => topPage().pullDown(),
  /** The system is short of memory: 5, 10 or 15, as Android tells it. */
  warnMemory: (level = 10) => appEvents.memoryWarning.emit({ level }),
  captureScreen: () => screenCapture.emit({}),

  get sounds() {
    return device.sounds;
  },
  get vibrations() {
    return device.vibrations;
  },
  /** Numbers that were called. */
  get phoneCalls() {
    return device.phoneCalls;
  },
  get brightness() {
    return device.brightness;
  },
  get keepsScreenOn() {
    return device.keepsScreenOn;
  },
  get captureEffect() {
    return device.captureEffect ?? 'none';
  },
  get clipboard() {
    return device.clipboard;
  },
};

export function drawTheme() {
  document.documentElement.dataset.theme = theme();
  setStyleTheme(theme());
  drawBars();
}
