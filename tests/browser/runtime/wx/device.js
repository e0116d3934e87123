import { device } from '../device.js';
import { ask } from '../dialogs/layer.js';
import { showToast } from '../dialogs/toast.js';
import { WxFailure } from '../failure.js';
import { requirePrivacy } from '../privacy.js';
import { Signal } from '../signal.js';
import { asyncCall, expectType, syncCall } from './define.js';

const STRENGTHS = ['heavy', 'medium', 'light'];
const MOST_RANDOM = 1048576;

asyncCall('vibrateShort', ({ type }) => {
  if (type !== undefined && !STRENGTHS.includes(type)) throw new WxFailure(`parameter error: invalid type "${type}"`);
  device.vibrations.push({ kind: 'short', type });
});
asyncCall('vibrateLong', () => {
  device.vibrations.push({ kind: 'long' });
});

asyncCall('makePhoneCall', async ({ phoneNumber }) => {
  expectType(phoneNumber, 'String', 'phoneNumber');
  if (phoneNumber === '') throw new WxFailure('parameter error: phoneNumber is empty');
  const isCalled = await ask('sheet phone-call', {
    title: phoneNumber,
    buttons: [
      { id: 'wechat-call-cancel', text: '取消', value: false },
      { id: 'wechat-call', text: '呼叫', value: true, main: true },
    ],
  });
  if (!isCalled) throw new WxFailure('cancel');
  device.phoneCalls.push(phoneNumber);
});

asyncCall('setScreenBrightness', ({ value }) => {
  expectType(value, 'Number', 'value');
  if (value !== -1 && !(value >= 0 && value <= 1)) throw new WxFailure('parameter error: value is out of range');
  device.brightness = value === -1 ? 0.5 : value;
});
asyncCall('getScreenBrightness', () => ({ value: device.brightness }));
asyncCall('setKeepScreenOn', ({ keepScreenOn }) => {
  expectType(keepScreenOn, 'Boolean', 'keepScreenOn');
  device.keepsScreenOn = keepScreenOn;
});

/** A person takes a picture of the screen; `phone.captureScreen()` fires it. */
export const screenCapture = new Signal();
asyncCall('setVisualEffectOnCapture', ({ visualEffect = 'none' }) => {
  device.captureEffect = visualEffect;
});
syncCall('onUserCaptureScreen', (listener) => screenCapture.on(listener));
syncCall('offUserCaptureScreen', (listener) => screenCapture.off(listener));

asyncCall('getRandomValues', ({ length }) => {
  if (!Number.isInteger(length) || length < 1 || length > MOST_RANDOM) throw new WxFailure('invalid length');
  const randomValues = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(randomValues.subarray(at, at + 65536));
  return { randomValues: randomValues.buffer };
});

asyncCall('setClipboardData', async ({ data }) => {
  expectType(data, 'String', 'data');
  await requirePrivacy('setClipboardData');
  device.clipboard = data;
  showToast({ title: '内容已复制', duration: 1500 });
});
asyncCall('getClipboardData', async () => {
  await requirePrivacy('getClipboardData');
  return { data: device.clipboard };
});

syncCall('arrayBufferToBase64', (buffer) => {
  let text = '';
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
});
syncCall('base64ToArrayBuffer', (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
