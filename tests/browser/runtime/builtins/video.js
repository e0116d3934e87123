/** `<video>`: the browser's own, with the events of WeChat's. */
import { h } from '../dom.js';
import { isRemote, sourceUrl } from '../sources.js';
import { isOnline } from '../wx/network.js';
import { elementOf, ownerOf, seal } from './define.js';

/** On the element: the component, for `wx.createVideoContext`. */
export const VIDEO = Symbol('video');

export const video = {
  name: 'video',
  properties: {
    src: { type: String, value: '' },
    poster: String,
    controls: { type: Boolean, value: true },
    autoplay: Boolean,
    loop: Boolean,
    muted: Boolean,
    initialTime: Number,
    objectFit: { type: String, value: 'contain' },
  },
  observers: {
    src() {
      this.load();
    },
    'poster, controls, loop, muted, objectFit'() {
      this.configure();
    },
  },
  lifetimes: {
    attached() {
      const element = elementOf(this);
      element[VIDEO] = this;
      this.player = seal(h('video', { playsinline: true, preload: 'metadata' }));
      element.prepend(this.player);
      this.listen();
      this.configure();
      this.load();
    },
    detached() {
      this.player.pause();
      this.player.removeAttribute('src');
    },
  },
  pageLifetimes: {
    hide() {
      this.player?.pause();
    },
  },
  methods: {
    configure() {
      const { player, data } = this;
      if (player === undefined) return;
      player.controls = data.controls;
      player.loop = data.loop;
      player.muted = data.muted;
      player.style.objectFit = data.objectFit;
      const poster = data.poster ? sourceUrl(data.poster, ownerOf(this)) : undefined;
      if (poster === undefined) player.removeAttribute('poster');
      else player.poster = poster;
    },
    load() {
      const { player, data } = this;
      if (player === undefined) return;
      if (data.src === '') return player.removeAttribute('src');
      const url = sourceUrl(data.src, ownerOf(this));
      if (url === undefined || (isRemote(data.src) && !isOnline())) {
        player.removeAttribute('src');
        return this.triggerEvent('error', { errMsg: 'MEDIA_ERR_NETWORK' });
      }
      if (player.getAttribute('src') !== url) player.src = url;
      if (data.autoplay) void player.play().catch(() => undefined);
    },
    listen() {
      const { player } = this;
      const on = (type, listener) => player.addEventListener(type, listener);
      for (const type of ['play', 'pause', 'ended', 'waiting']) on(type, () => this.triggerEvent(type, {}));
      on('timeupdate', () => {
        const { currentTime, duration } = player;
        this.triggerEvent('timeupdate', { currentTime, duration });
      });
      on('loadedmetadata', () => {
        if (this.data.initialTime > 0) player.currentTime = this.data.initialTime;
        const { videoWidth: width, videoHeight: height, duration } = player;
        this.triggerEvent('loadedmetadata', { width, height, duration });
      });
      on('error', () => this.triggerEvent('error', { errMsg: 'MEDIA_ERR_SRC_NOT_SUPPORTED' }));
    },
  },
};
