import type { MediaTile } from '../../services/media-types';
import { filled, texts } from '../../texts/index';

type Tap = WechatMiniprogram.TouchEvent<object, object, { key: string }>;

/**
 * Photos and videos as tiles; a tap shows them in large. With `editable` each can be removed, and `room` more can be
 * added. Fires `add`, `remove` and `retry`, the last two with `{key}`.
 */
Component({
  properties: {
    /** `MediaTile`s of `services/media-types`. */
    tiles: { type: Array, value: [] },
    editable: { type: Boolean, value: false },
    /** How many more may be added. */
    room: { type: Number, value: 0 },
    /** What the tile for adding says; a sentence of its own when empty. */
    addText: { type: String, value: '' },
  },
  data: { t: texts().media, shown: [] as (MediaTile & { label: string; sending: string })[] },
  observers: {
    tiles() {
      this.show();
    },
  },
  lifetimes: {
    attached() {
      this.show();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const t = texts().media;
      const shown = (this.data.tiles as MediaTile[]).map((tile, index) => ({
        ...tile,
        label: filled(tile.kind === 'video' ? t.video : t.photo, { number: index + 1 }),
        sending: filled(t.sending, { percent: tile.percent }),
      }));
      this.setData({ t, shown });
    },
    open({ currentTarget: { dataset } }: Tap) {
      const tiles = this.data.tiles as MediaTile[];
      const current = tiles.findIndex(({ key }) => key === dataset.key);
      if (current < 0) return;
      void wx.previewMedia({
        sources: tiles.map(({ kind, src }) => ({ url: src, type: kind === 'video' ? 'video' : 'image' })),
        current,
      });
    },
    add() {
      this.triggerEvent('add');
    },
    remove({ currentTarget: { dataset } }: Tap) {
      this.triggerEvent('remove', { key: dataset.key });
    },
    retry({ currentTarget: { dataset } }: Tap) {
      this.triggerEvent('retry', { key: dataset.key });
    },
  },
});
