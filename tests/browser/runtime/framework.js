/**
 * glass-easel, adjusted where WeChat's page differs from its defaults. The framework has no option for these, so three
 * methods are wrapped; each wrapper does what the original does first.
 */
import { glassEasel } from 'glass-easel-miniprogram-adapter';
import { animate } from './animation.js';
import { convertUnits, dashed } from './dom.js';
import { describe, recordError } from './record.js';

const { Element, DataGroup } = glassEasel;

/** Attributes that mean something on any element, whether or not a component has a property of that name. */
const isCommon = (name) => name.startsWith('aria') || name === 'hidden' || name === 'animation';

/** Writes an attribute as WeChat's page shows it. */
export function writeAttribute(element, name, value) {
  if (name === 'animation') return animate(element, value);
  const target = name === 'aria-role' ? 'role' : name;
  const isState = target.startsWith('aria-');
  if (value === undefined || value === null || (value === false && !isState)) element.removeAttribute(target);
  else if (typeof value !== 'object') element.setAttribute(target, value === true && !isState ? '' : String(value));
  return undefined;
}

const { replaceProperty } = DataGroup.prototype;
DataGroup.prototype.replaceProperty = function (name, value) {
  if (replaceProperty.call(this, name, value)) return true;
  const component = this._$comp;
  const element = component?.$$;
  if (!element || (!isCommon(name) && !component.is.startsWith('wx-'))) return false;
  // `bindtap` without a colon comes here too, and the framework makes a listener of it.
  if (/^(bind|catch|capture|on|mut)/.test(name)) return false;
  writeAttribute(element, dashed(name), value);
  return true;
};

const { updateAttribute, setDataset } = Element.prototype;
Element.prototype.updateAttribute = function (name, value) {
  if (!name.startsWith('aria-') && name !== 'animation') return updateAttribute.call(this, name, value);
  if (this.$$) writeAttribute(this.$$, name, value);
  return undefined;
};

/** Tests find elements by `data-…`, which the framework itself keeps to events. */
Element.prototype.setDataset = function (name, value) {
  setDataset.call(this, name, value);
  if (this.$$) writeAttribute(this.$$, `data-${dashed(name)}`, value);
};

/** Elements of the page. An object given to an attribute would read `[object Object]`. */
export function createElement(tag) {
  const element = document.createElement(tag);
  const { setAttribute } = element;
  element.setAttribute = function (name, value) {
    if (typeof value === 'object') return;
    setAttribute.call(this, name, name === 'style' ? convertUnits(String(value)) : value);
  };
  return element;
}

/** @param {(error: unknown) => void} onError told of every error the framework catches in the app's code */
export function watchFramework(onError) {
  glassEasel.addGlobalErrorListener((error, method) => {
    recordError(`${method ?? ''} ${describe(error)}`.trim());
    console.warn(error);
    onError(error);
    return false;
  });
  glassEasel.addGlobalWarningListener((message, component) => {
    const where = typeof component === 'string' ? component : component?.is;
    // What a published package passes to its own parts is not the app's doing.
    if (!where?.startsWith('miniprogram_npm/')) recordError(`warning in ${where}: ${message}`);
    console.warn(`${where}: ${message}`);
    return false;
  });
}

/** WXS asks for the name of a type by `x.constructor`; the compiler has renamed that. Nothing else sees these. */
for (const type of [Array, Object, String, Number, Boolean, Function, RegExp, Date]) {
  Object.defineProperty(type.prototype, '__wxsConstructor', { value: type.name, configurable: true, writable: true });
}
