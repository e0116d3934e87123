import { elementOf, ownerOf, seal } from './define.js';
import { h } from '../dom.js';
import { recordError } from '../record.js';
import { isRemote, sourceUrl } from '../sources.js';
import { isOnline } from '../wx/network.js';

const FITS = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover', widthFix: 'fill', heightFix: 'fill' };

export const image = picture('image');
export const coverImage = picture('cover-image');

function picture(name) {
  return {
    name,
    properties: { src: { type: String, value: '' }, mode: { type: String, value: 'scaleToFill' }, lazyLoad: Boolean },
    observers: {
      'src, mode'() {
        this.draw();
      },
    },
    lifetimes: {
      attached() {
        this.image = seal(h('img', { alt: '', draggable: 'false' }));
        elementOf(this).append(this.image);
        nameAsPicture(elementOf(this));
        this.image.addEventListener('load', () => {
          this.image.style.visibility = '';
          this.triggerEvent('load', { width: this.image.naturalWidth, height: this.image.naturalHeight });
        });
        this.image.addEventListener('error', () => {
          // The browser's sign for a missing picture is not WeChat's, which shows nothing.
          this.image.style.visibility = 'hidden';
          this.triggerEvent('error', { errMsg: `${name} load fail: ${this.data.src}` });
        });
        this.draw();
      },
    },
    methods: {
      draw() {
        const { image, data } = this;
        if (image === undefined) return;
        elementOf(this).setAttribute('mode', data.mode);
        image.style.objectFit = FITS[data.mode] ?? 'none';
        image.style.objectPosition = FITS[data.mode] === undefined ? data.mode : '';
        image.loading = data.lazyLoad ? 'lazy' : 'eager';
        if (data.src === '') return image.removeAttribute('src');
        const url = sourceUrl(data.src, ownerOf(this));
        if (url === undefined) {
          recordError(`<${name}> cannot show "${data.src}": only files that are there, https and data`);
          this.triggerEvent('error', { errMsg: `${name} load fail` });
        } else if (isRemote(data.src) && !isOnline()) {
          image.removeAttribute('src');
          this.triggerEvent('error', { errMsg: `${name} load fail: ${data.src}` });
        } else if (image.getAttribute('src') !== url) {
          image.src = url;
        }
      },
    },
  };
}

/** A picture with a name is one to assistive technology; one without is decoration. */
function nameAsPicture(element) {
  const name = () => {
    if (element.hasAttribute('aria-label')) element.setAttribute('role', 'img');
    else element.removeAttribute('role');
  };
  name();
  new MutationObserver(name).observe(element, { attributes: true, attributeFilter: ['aria-label'] });
}
