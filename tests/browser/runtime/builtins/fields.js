/**
 * What a form collects. Fields are looked for among components and not in the page's elements: a custom component with
 * a virtual host has no element of its own.
 */

/** @typedef {{ name: () => string, value: () => unknown, reset: () => void }} Field */

/** @type {Map<object, Field>} by glass-easel component */
const fields = new Map();

/** @param {object} component  @param {Field} field */
export function addField(component, field) {
  fields.set(component._$, field);
}

export function removeField(component) {
  fields.delete(component._$);
}

/** @returns {Field[]} the fields somewhere inside a form */
export function fieldsIn(form) {
  const isInside = (node) => {
    for (let current = node; current; current = current.getComposedParent()) if (current === form._$) return true;
    return false;
  };
  return [...fields].filter(([component]) => isInside(component)).map(([, field]) => field);
}

/** `wx://form-field`: a custom component takes part in a form with its `name` and `value`. */
export function addFormFieldBehavior(space) {
  const definition = {
    properties: { name: String, value: null },
    lifetimes: {
      attached() {
        const first = this.data.value;
        addField(this, {
          name: () => this.data.name,
          value: () => this.data.value,
          reset: () => this.setData({ value: first }),
        });
      },
      detached() {
        removeField(this);
      },
    },
  };
  return space.behavior().definition(definition).register();
}
