import { perform } from '../../../../services/field-queue';
import { dropMedia, pickMedia } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { metersIn } from '../../../../services/mileage';
import { isAllowed, locate } from '../../../../services/location';
import { oneLine } from '../../../../services/typed';
import { tilesFor } from '../../../../services/uploads';
import type { PickedPlace } from '../../../../services/work-order-types';
import { filled, texts } from '../../../../texts/index';
import { tell } from '../../telling';

/** Where a day starts or ends, with the odometer where somebody reads it. Fires `done` with `{day}`, and `cancel`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** `start` or `end`; empty while the sheet is closed. */
    kind: { type: String, value: '' },
    /** The day before, where that is to be ended: `2026-11-20`; else empty. */
    day: { type: String, value: '' },
  },
  data: {
    t: texts().day,
    title: '',
    place: null as PickedPlace | null,
    odometer: '',
    photo: '',
    tiles: [] as MediaTile[],
    problem: '',
    busy: false,
  },
  observers: {
    kind(kind: string) {
      if (kind !== '') void this.begin();
    },
  },
  methods: {
    async begin() {
      const t = texts().day;
      const { kind, day } = this.data;
      const title = kind === 'start' ? t.start : day === '' ? t.end : filled(t.end_of, { day: day.slice(5) });
      this.setData({ t, title, place: null, odometer: '', photo: '', tiles: [], problem: '' });
      if (!(await isAllowed())) return;
      const found = await locate();
      if (typeof found !== 'string' && this.data.place === null) this.setData({ place: found });
    },
    placed({ detail }: WechatMiniprogram.CustomEvent<{ place: PickedPlace | null }>) {
      this.setData({ place: detail.place, problem: '' });
    },
    write({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ odometer: detail.value, problem: '' });
    },
    async takePhoto() {
      if (this.data.busy) return;
      const { media, problem } = await pickMedia({ photos: 1, videos: 0 }, true);
      const t = texts().visit;
      const [taken] = media;
      if (taken !== undefined) this.setData({ photo: taken.key, tiles: tilesFor([taken.key]), problem: '' });
      else if (problem !== undefined) this.setData({ problem: problem === 'refused' ? t.camera_refused : t.no_room });
    },
    dropPhoto() {
      if (this.data.busy) return;
      if (this.data.photo !== '') dropMedia([this.data.photo]);
      this.setData({ photo: '', tiles: [] });
    },
    async save() {
      const t = texts().day;
      const { place, odometer, photo, tiles, busy } = this.data;
      const odometer_meters = metersIn(odometer);
      const wrong = odometer.trim() !== '' && odometer_meters === undefined;
      const problem = place === null ? t.place_missing : wrong ? t.odometer_wrong : '';
      if (problem !== '' || place === null || busy) {
        this.setData({ problem });
        return;
      }
      // From here on the photo is the act's, whatever becomes of this page.
      this.setData({ busy: true, photo: '' });
      const { name, address, ...fix } = place;
      const said = oneLine([name, address].filter(Boolean).join(' ')).slice(0, 200);
      const point = this.data.kind === 'end' ? 'end' : 'start';
      const day = point === 'end' ? this.data.day : '';
      const made = await perform(
        {
          kind: 'day_point',
          point,
          ...(day !== '' && { day }),
          fix,
          ...(said !== '' && { address: said }),
          ...(odometer_meters !== undefined && { odometer_meters }),
        },
        { files: photo === '' ? [] : [photo] },
      );
      const told = await tell(made, t.saved);
      this.setData({ busy: false });
      if (told.kind === 'refused') this.setData({ photo, tiles });
      else this.triggerEvent('done', { day });
    },
    cancel() {
      if (this.data.busy) return;
      this.dropPhoto();
      this.triggerEvent('cancel');
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!detail.visible) this.cancel();
    },
  },
});
