/** What the phone is. */
import { appEvents, launchOptions } from '../application.js';
import { capsule, pageArea, STATUS_BAR } from '../geometry.js';
import { position } from '../location/position.js';
import { recordCall } from '../record.js';
import { host, settings } from '../settings.js';
import { theme } from '../theme.js';
import { asyncCall, isSimulated, syncCall } from './define.js';

/** Components that pages ask for before they use them. */
const TAGS =
  /^(button|input|camera|canvas|image|map|slider|textarea|picker|scroll-view|page-meta|root-portal|page-container|video)$/;

const baseInfo = () => ({
  SDKVersion: '3.7.0',
  version: '8.0.50',
  language: settings.language,
  theme: theme(),
  enableDebug: false,
  fontSizeSetting: 16,
  host: { appId: host.appid, env: 'WeChat' },
});

function windowInfo() {
  const [width, height] = [innerWidth, innerHeight];
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: width,
    screenHeight: height,
    windowWidth: width,
    windowHeight: pageArea().height,
    statusBarHeight: STATUS_BAR,
    screenTop: pageArea().top,
    safeArea: { left: 0, right: width, top: STATUS_BAR, bottom: height, width, height: height - STATUS_BAR },
  };
}

const deviceInfo = () => ({
  brand: 'devtools',
  model: 'Preview',
  platform: 'devtools',
  system: 'Preview 1.0',
  abi: '',
  benchmarkLevel: 30,
  memorySize: 4096,
});

const systemInfo = () => ({
  ...baseInfo(),
  ...windowInfo(),
  ...deviceInfo(),
  cameraAuthorized: true,
  locationAuthorized: true,
  locationEnabled: position() !== null,
});

syncCall('getAppBaseInfo', baseInfo);
syncCall('getWindowInfo', windowInfo);
syncCall('getDeviceInfo', deviceInfo);
syncCall('getSystemInfoSync', systemInfo);
asyncCall('getSystemInfo', systemInfo);
syncCall('getSystemSetting', () => ({
  bluetoothEnabled: true,
  locationEnabled: position() !== null,
  wifiEnabled: true,
  deviceOrientation: 'portrait',
}));
syncCall('getAppAuthorizeSetting', () => ({
  cameraAuthorized: 'authorized',
  microphoneAuthorized: 'not determined',
  albumAuthorized: 'not determined',
  locationAuthorized: 'authorized',
  locationReducedAccuracy: false,
}));
syncCall('getMenuButtonBoundingClientRect', capsule);
syncCall('getAccountInfoSync', () => ({ miniProgram: { appId: host.appid, envVersion: 'develop', version: '' } }));
syncCall('getLaunchOptionsSync', () => ({ ...launchOptions }));
syncCall('getEnterOptionsSync', () => ({ ...launchOptions }));

/** `wx.x`, `wx.x.y` and `component.attribute`; details of a call are taken as there. */
syncCall('canIUse', (schema) => isSimulated(schema.split('.')[0]) || TAGS.test(schema.split('.')[0]));

for (const [name, signal] of [
  ['ThemeChange', appEvents.themeChange],
  ['MemoryWarning', appEvents.memoryWarning],
  ['AppShow', appEvents.show],
  ['AppHide', appEvents.hide],
  ['Error', appEvents.error],
  ['UnhandledRejection', appEvents.unhandledRejection],
  ['PageNotFound', appEvents.pageNotFound],
]) {
  syncCall(`on${name}`, (listener) => signal.on(listener));
  syncCall(`off${name}`, (listener) => signal.off(listener));
}

const resized = new Map();
syncCall('onWindowResize', (listener) => {
  const tell = () => listener({ size: { windowWidth: innerWidth, windowHeight: pageArea().height } });
  resized.set(listener, tell);
  window.addEventListener('resize', tell);
});
syncCall('offWindowResize', (listener) => window.removeEventListener('resize', resized.get(listener)));

syncCall('nextTick', (run) => setTimeout(run, 0));
syncCall('getUpdateManager', () => ({
  onCheckForUpdate: (tell) => setTimeout(() => tell({ hasUpdate: false }), 0),
  onUpdateReady() {},
  onUpdateFailed() {},
  applyUpdate() {},
}));
syncCall('reportEvent', () => undefined);

/** Everything logged is in `phone.calls`. */
function logger(name) {
  const levels = ['debug', 'info', 'log', 'warn', 'error', 'setFilterMsg', 'addFilterMsg'];
  syncCall(name, () =>
    Object.fromEntries(levels.map((level) => [level, (...values) => recordCall(`${name}.${level}`, values)])),
  );
}
logger('getLogManager');
logger('getRealtimeLogManager');
