import { Lens } from '../camera/lens.js';
import { WxFailure } from '../failure.js';
import { elementOf, reflect } from './define.js';
import { requirePermission } from '../permissions.js';
import { requirePrivacy } from '../privacy.js';
import { recordError } from '../record.js';

export const camera = {
  name: 'camera',
  properties: {
    mode: { type: String, value: 'normal' },
    devicePosition: { type: String, value: 'back' },
    flash: { type: String, value: 'auto' },
    frameSize: { type: String, value: 'medium' },
    resolution: { type: String, value: 'medium' },
  },
  observers: {
    mode(mode) {
      if (this.mode !== undefined && mode !== this.mode)
        recordError('<camera>: "mode" cannot change after it was made');
    },
    flash(flash) {
      if (this.lens !== undefined) reflect(this, 'flash', flash);
    },
  },
  lifetimes: {
    attached() {
      this.mode = this.data.mode;
      void this.start();
    },
    detached() {
      this.isGone = true;
      this.lens?.stop();
      if (this.lens !== undefined) this.triggerEvent('stop', {});
    },
  },
  pageLifetimes: {
    show() {
      this.lens?.start();
    },
    hide() {
      this.lens?.stop();
    },
  },
  methods: {
    async start() {
      const element = elementOf(this);
      try {
        if (element.closest('wx-page').querySelectorAll('wx-camera').length > 1)
          throw new WxFailure('only one camera is allowed in a page');
        await requirePrivacy('camera');
        await requirePermission('scope.camera');
      } catch (error) {
        if (!this.isGone) this.triggerEvent('error', { errMsg: `insertCamera:fail ${error.message}`, ...error.fields });
        return;
      }
      if (this.isGone) return;
      this.lens = new Lens(element, this.mode === 'scanCode' ? (text) => this.seen(text) : undefined);
      reflect(this, 'flash', this.data.flash);
      this.lens.start();
      this.triggerEvent('initdone', { maxZoom: 10 });
    },
    /** WeChat tells the same code again and again while it stays in view. */
    seen(text) {
      const rawData = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
      this.triggerEvent('scancode', { type: 'qrcode', result: text, charSet: 'utf-8', rawData });
    },
  },
};
