import { explain } from '../../../../services/failure';
import { dropMedia, MOST_PHOTOS, pickMedia, tilesOf } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { editLeg, kilometers, metersIn, type Leg, type LegEdit, type LegMethod } from '../../../../services/mileage';
import { current } from '../../../../services/session';
import { oneLine } from '../../../../services/typed';
import { tilesFor, uploadAll } from '../../../../services/uploads';
import { texts } from '../../../../texts/index';

const METHODS: readonly LegMethod[] = ['manual', 'odometer', 'great_circle'];

type Choose = WechatMiniprogram.TouchEvent<object, object, { method: LegMethod }>;
type Name = 'from' | 'to' | 'distance' | 'reason';
type Input = WechatMiniprogram.CustomEvent<{ value: string }, object, { name: Name }>;

/** It grows with what is written. */
const AREA = { minHeight: '160rpx', maxHeight: '480rpx' };

/** Says how long a leg was, by which method, and why. Needs the network. Fires `done` with `{day}`, and `cancel`. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** A `Leg` of `services/mileage`, or null while the sheet is closed. */
    leg: { type: Object, value: null },
  },
  data: {
    t: texts().day,
    area: AREA,
    methods: [] as { method: LegMethod; text: string }[],
    method: 'manual' as LegMethod,
    from: '',
    to: '',
    distance: '',
    reason: '',
    photos: [] as string[],
    tiles: [] as MediaTile[],
    /** Photos that the leg has already. */
    sent: [] as MediaTile[],
    room: MOST_PHOTOS,
    problem: '',
    busy: false,
  },
  observers: {
    leg(leg: Leg | null) {
      if (leg === null) return;
      const t = texts().day;
      const names: Record<LegMethod, string> = {
        manual: t.by_hand,
        odometer: t.by_odometer,
        great_circle: t.great_circle,
      };
      const typed = (meters: number | null | undefined) => (typeof meters === 'number' ? kilometers(meters) : '');
      // A straight line that is not known cannot be chosen.
      const possible = METHODS.filter((method) => method !== 'great_circle' || typeof leg.computed_meters === 'number');
      this.setData({
        t,
        methods: possible.map((method) => ({ method, text: names[method] })),
        method: leg.method === 'great_circle' ? 'manual' : leg.method,
        from: typed(leg.odometer_start),
        to: typed(leg.odometer_end),
        distance: typed(leg.meters),
        reason: '',
        photos: [],
        tiles: [],
        sent: tilesOf(leg.photos ?? []),
        room: MOST_PHOTOS - (leg.photos?.length ?? 0),
        problem: '',
      });
    },
  },
  methods: {
    choose({ currentTarget: { dataset } }: Choose) {
      this.setData({ method: dataset.method, problem: '' });
    },
    write({ currentTarget: { dataset }, detail }: Input) {
      this.setData({ [dataset.name]: detail.value, problem: '' });
    },
    async addPhotos() {
      if (this.data.busy) return;
      const { media } = await pickMedia({ photos: this.data.room, videos: 0 });
      this.showPhotos([...this.data.photos, ...media.map(({ key }) => key)]);
    },
    removePhoto({ detail }: WechatMiniprogram.CustomEvent<{ key: string }>) {
      if (this.data.busy) return;
      dropMedia([detail.key]);
      this.showPhotos(this.data.photos.filter((key) => key !== detail.key));
    },
    showPhotos(photos: string[]) {
      const room = MOST_PHOTOS - this.data.sent.length - photos.length;
      this.setData({ photos, tiles: tilesFor(photos), room, problem: '' });
    },
    /** What the form says; a sentence about what is wrong with it instead. */
    given(): Omit<LegEdit, 'version' | 'photo_ids'> | string {
      const t = texts().day;
      const { method, from, to, distance, photos, sent } = this.data;
      const reason = oneLine(this.data.reason);
      const [start, end, meters] = [from, to, distance].map(metersIn);
      if (reason === '') return t.edit_missing;
      switch (method) {
        case 'great_circle':
          return { method, reason };
        case 'manual':
          return meters === undefined ? t.edit_missing : { method, reason, meters };
        case 'odometer':
          if (start === undefined || end === undefined) return t.edit_missing;
          if (end < start) return t.odometer_less;
          if (photos.length + sent.length === 0) return t.photo_missing;
          return { method, reason, odometer_start_meters: start, odometer_end_meters: end };
      }
    },
    async save() {
      const leg = this.data.leg as Leg | null;
      const given = this.given();
      if (typeof given === 'string' || leg === null || this.data.busy) {
        this.setData({ problem: typeof given === 'string' ? given : '' });
        return;
      }
      this.setData({ busy: true });
      const { photos, method } = this.data;
      try {
        const organization_id = current()?.organization.id ?? '';
        const photo_ids = method === 'odometer' ? await uploadAll(photos, { organization_id }) : [];
        const day = await editLeg(leg.id, { ...given, version: leg.version, photo_ids });
        this.dropPhotos();
        this.triggerEvent('done', { day });
      } catch (error) {
        this.setData({ problem: explain(error) });
      }
      this.setData({ busy: false });
    },
    dropPhotos() {
      dropMedia(this.data.photos);
      this.setData({ photos: [], tiles: [] });
    },
    cancel() {
      // What is being sent is not taken back.
      if (this.data.busy) return;
      this.dropPhotos();
      this.triggerEvent('cancel');
    },
    changed({ detail }: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!detail.visible) this.cancel();
    },
  },
});
