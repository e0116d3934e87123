/** `wx.createAnimation`, and the `animation` attribute that plays what it exports. */
import { convertUnits } from './dom.js';

const LENGTHS = new Set(['width', 'height', 'top', 'left', 'right', 'bottom']);
const STYLES = ['opacity', 'backgroundColor', ...LENGTHS];
const TRANSFORMS = {
  rotate: 'deg',
  rotateX: 'deg',
  rotateY: 'deg',
  rotateZ: 'deg',
  skew: 'deg',
  skewX: 'deg',
  skewY: 'deg',
  scale: '',
  scaleX: '',
  scaleY: '',
  scaleZ: '',
  scale3d: '',
  translate: 'px',
  translateX: 'px',
  translateY: 'px',
  translateZ: 'px',
  translate3d: 'px',
  matrix: '',
  matrix3d: '',
};

const withUnit = (value, unit) => (typeof value === 'number' ? `${value}${unit}` : convertUnits(String(value)));

/** @param {{ duration?: number, timingFunction?: string, delay?: number, transformOrigin?: string }} [defaults] */
export function createAnimation(defaults = {}) {
  let steps = [];
  let transforms = [];
  let styles = {};
  const animation = {
    step(options = {}) {
      const timing = {
        duration: 400,
        timingFunction: 'linear',
        delay: 0,
        transformOrigin: '50% 50% 0',
        ...defaults,
        ...options,
      };
      steps.push({ timing, styles, transform: transforms.join(' ') });
      styles = {};
      transforms = [];
      return animation;
    },
    export() {
      const actions = steps;
      steps = [];
      return { actions };
    },
  };
  for (const [name, unit] of Object.entries(TRANSFORMS)) {
    animation[name] = (...values) => {
      transforms.push(`${name}(${values.map((value) => withUnit(value, unit)).join(', ')})`);
      return animation;
    };
  }
  for (const name of STYLES) {
    animation[name] = (value) => {
      styles[name] = LENGTHS.has(name) ? withUnit(value, 'px') : String(value);
      return animation;
    };
  }
  return animation;
}

/** Plays steps one after another and leaves the element as the last one does. */
export function animate(element, animation) {
  let at = 0;
  for (const { timing, styles, transform } of animation?.actions ?? []) {
    const { duration, delay, timingFunction, transformOrigin } = timing;
    setTimeout(() => {
      element.style.transition = `all ${duration}ms ${timingFunction} ${delay}ms`;
      element.style.transformOrigin = transformOrigin;
      if (transform !== '') element.style.transform = transform;
      Object.assign(element.style, styles);
    }, at);
    at += duration + delay;
  }
}
