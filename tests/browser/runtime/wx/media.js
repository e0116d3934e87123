/** Sound and scanning. */
import { Lens } from '../camera/lens.js';
import { h } from '../dom.js';
import { showLayer } from '../dialogs/layer.js';
import { WxFailure } from '../failure.js';
import { device } from '../device.js';
import { Signal } from '../signal.js';
import { packageUrl } from '../theme.js';
import { asyncCall, syncCall } from './define.js';

const NO_FILE = 10003;

asyncCall('setInnerAudioOption', ({ obeyMuteSwitch, mixWithOther }) => {
  device.audio = {
    ...device.audio,
    ...(obeyMuteSwitch !== undefined && { obeyMuteSwitch }),
    ...(mixWithOther !== undefined && { mixWithOther }),
  };
});

const EVENTS = ['Canplay', 'Play', 'Pause', 'Stop', 'Ended', 'Error', 'TimeUpdate', 'Waiting', 'Seeking', 'Seeked'];

syncCall('createInnerAudioContext', () => {
  const signals = Object.fromEntries(EVENTS.map((name) => [name, new Signal()]));
  const player = new Audio();
  player.addEventListener('ended', () => signals.Ended.emit());
  player.addEventListener('timeupdate', () => signals.TimeUpdate.emit());
  let isDestroyed = false;

  async function play(source) {
    const isPackaged = !/^https:\/\//.test(source);
    const url = isPackaged ? packageUrl(source) : source;
    const isThere = /^(https:|\/|[\w.])/.test(source) && (!isPackaged || (await fetch(url, { method: 'HEAD' })).ok);
    if (!isThere) return signals.Error.emit({ errCode: NO_FILE, errMsg: `file not found: ${source}` });
    if (isDestroyed) return undefined;
    device.sounds.push(source);
    signals.Play.emit();
    player.src = url;
    // A browser may refuse to sound before the first tap; the phone would have played.
    return player.play().catch(() => undefined);
  }

  const context = {
    src: '',
    startTime: 0,
    autoplay: false,
    loop: false,
    obeyMuteSwitch: true,
    volume: 1,
    playbackRate: 1,
    get duration() {
      return player.duration || 0;
    },
    get currentTime() {
      return player.currentTime;
    },
    get paused() {
      return player.paused;
    },
    play() {
      player.loop = context.loop;
      player.volume = context.volume;
      void play(context.src);
    },
    pause() {
      player.pause();
      signals.Pause.emit();
    },
    stop() {
      player.pause();
      player.currentTime = 0;
      signals.Stop.emit();
    },
    seek(seconds) {
      player.currentTime = seconds;
    },
    destroy() {
      isDestroyed = true;
      player.pause();
    },
  };
  for (const name of EVENTS) {
    context[`on${name}`] = (listener) => signals[name].on(listener);
    context[`off${name}`] = (listener) => signals[name].off(listener);
  }
  return context;
});

asyncCall(
  'scanCode',
  () =>
    new Promise((resolve, reject) => {
      let lens;
      const close = showLayer(
        'full scanner',
        () => [
          h('p', {}, '将码放入框内，即可自动扫描'),
          h(
            'button',
            { id: 'wechat-scan-cancel', onclick: () => leave(() => reject(new WxFailure('cancel'))) },
            '取消',
          ),
        ],
        { label: '扫一扫' },
      );
      const leave = (settle) => {
        lens.stop();
        close();
        settle();
      };
      const box = document.querySelector('.wechat-scanner .wechat-layer-box');
      lens = new Lens(box, (text) => {
        const rawData = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
        leave(() => resolve({ result: text, scanType: 'QR_CODE', charSet: 'utf-8', path: '', rawData }));
      });
      lens.start();
    }),
);

/** The `<camera>` of the page; only what needs no picture file is here. */
syncCall('createCameraContext', () => ({
  setZoom({ zoom, success, complete }) {
    success?.({ zoom, errMsg: 'setZoom:ok' });
    complete?.({ zoom, errMsg: 'setZoom:ok' });
  },
}));
