/** A work order in a list. Fires `open` when it is tapped. The default slot is for what can be done at once. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** An `OrderLine` of `services/field-words`. */
    line: { type: Object, value: {} },
    /** Who works on it, and the like. */
    more: { type: String, value: '' },
  },
  methods: {
    open() {
      this.triggerEvent('open');
    },
  },
});
