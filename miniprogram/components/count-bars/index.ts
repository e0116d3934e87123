/** Numbers by name, each with a bar as long as its part of the largest. */
Component({
  properties: {
    /** `{name, number}`, in the order in which they are shown. */
    counts: { type: Array, value: [] },
  },
  data: { bars: [] as { name: string; number: number; percent: number }[] },
  observers: {
    counts(counts: { name: string; number: number }[]) {
      const most = Math.max(1, ...counts.map(({ number }) => number));
      this.setData({ bars: counts.map((count) => ({ ...count, percent: Math.round((count.number / most) * 100) })) });
    },
  },
});
