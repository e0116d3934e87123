/** One field of a line. */
export interface LineField {
  name: string;
  label: string;
  /** `text`, `number` or `digit`: which keys the phone shows. */
  keys: 'text' | 'number' | 'digit';
  /** Characters. */
  most: number;
  /** It takes the whole width. */
  wide?: boolean;
}

type Line = Record<string, string>;
type Input = WechatMiniprogram.CustomEvent<{ value: string }, object, { index: number; name: string }>;
type Tap = WechatMiniprogram.TouchEvent<object, object, { index: number }>;

/** Lines that are added, filled in and removed: parts, labor. Fires `change` with `{lines}`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** Records of text, each with a `key` of its own. */
    lines: { type: Array, value: [] },
    /** `LineField`s. */
    fields: { type: Array, value: [] },
    addText: { type: String, value: '' },
    removeText: { type: String, value: '' },
  },
  methods: {
    write({ currentTarget: { dataset }, detail }: Input) {
      const lines = (this.data.lines as Line[]).map((line, index) =>
        index === dataset.index ? { ...line, [dataset.name]: detail.value } : line,
      );
      this.triggerEvent('change', { lines });
    },
    add() {
      const empty = Object.fromEntries((this.data.fields as LineField[]).map(({ name }) => [name, '']));
      const lines = this.data.lines as Line[];
      this.triggerEvent('change', { lines: [...lines, { ...empty, key: `${lines.length} ${Date.now()}` }] });
    },
    remove({ currentTarget: { dataset } }: Tap) {
      this.triggerEvent('change', { lines: (this.data.lines as Line[]).filter((_, index) => index !== dataset.index) });
    },
  },
});
