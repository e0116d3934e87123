/** Makes a built-in component: an element of the page with a little code behind it, and no template. */

/**
 * @typedef {object} Builtin
 * @property {string} name the tag in WXML
 * @property {Record<string, unknown>} [properties] attributes that the code reads; all others become DOM attributes
 * @property {Record<string, Function>} [observers]
 * @property {Record<string, Function>} [lifetimes]
 * @property {Record<string, Function>} [methods]
 */

/**
 * @param {object} space glass-easel's global code space
 * @param {Builtin} builtin
 * @returns {[string, object]} tag in the page, and definition
 */
export function defineBuiltin(space, { name, ...definition }) {
  const tag = `wx-${name}`;
  space.addComponentStaticConfig(tag, { component: true, styleIsolation: 'isolated' });
  space.component(tag).definition(definition).register();
  return [tag, space.getComponentSpace().getComponentByUrlWithoutDefault(tag, '')];
}

/**
 * A component that is nothing but its picture: drawn when it is attached and whenever a property changes.
 *
 * @param {string} name
 * @param {Record<string, unknown>} properties
 * @param {(element: HTMLElement, data: Record<string, any>, component: object) => void} draw
 * @returns {Builtin}
 */
export function drawn(name, properties, draw) {
  return {
    name,
    properties,
    observers: {
      [Object.keys(properties).join(', ')]() {
        this.draw();
      },
    },
    lifetimes: {
      attached() {
        this.draw();
      },
    },
    methods: {
      draw() {
        const element = elementOf(this);
        if (element) draw(element, this.data, this);
      },
    },
  };
}

/** The element in the page. */
export const elementOf = (component) => component._$.$$;

/** The path of the page or component whose template holds this one. */
export const ownerOf = (component) => component._$.ownerShadowRoot?.getHostNode().is ?? '';

/** Shows a property as an attribute, for styles and for tests. */
export function reflect(component, name, value) {
  const element = elementOf(component);
  if (value === undefined || value === null || value === '' || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** Keeps the events of one of the browser's own elements inside; the component makes WeChat's of them. */
export function seal(control) {
  for (const type of ['input', 'change', 'focus', 'blur', 'keydown', 'scroll', 'load', 'error', 'submit', 'reset']) {
    control.addEventListener(type, (event) => event.stopPropagation());
  }
  return control;
}

/** Puts the browser's own control into a component. */
export function embed(component, control) {
  seal(control);
  const element = elementOf(component);
  forwardAria(element, control);
  element.prepend(control);
  return control;
}

/** What is said of an input is said of the control that has the focus. */
function forwardAria(element, control) {
  const { setAttribute, removeAttribute } = element;
  const isForwarded = (name) => name.startsWith('aria-') || name === 'role';
  element.setAttribute = function (name, value) {
    if (isForwarded(name)) control.setAttribute(name, value);
    else setAttribute.call(this, name, value);
  };
  element.removeAttribute = function (name) {
    if (isForwarded(name)) control.removeAttribute(name);
    else removeAttribute.call(this, name);
  };
  for (const { name, value } of [...element.attributes]) {
    if (!isForwarded(name)) continue;
    control.setAttribute(name, value);
    removeAttribute.call(element, name);
  }
}

/** Class names of the template a component stands in, as they are written in the page. */
export function scopedClasses(component, names) {
  const owner = component._$.ownerShadowRoot?.getHostNode();
  if (owner === undefined || !names) return [];
  const { styleScope, extraStyleScope } = owner.getComponentOptions();
  const scopes = owner.getRootBehavior().ownerSpace.styleScopeManager;
  const prefixes = [styleScope, extraStyleScope]
    .filter((scope) => scope !== null && scope !== undefined)
    .map((scope) => scopes.queryName(scope) ?? '');
  return names
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((name) => prefixes.map((prefix) => (prefix === '' ? name : `${prefix}--${name}`)));
}
