import type { Owner } from '../../../../services/act-queue';
import * as clock from '../../../../services/clock';
import type { VisitedOrder } from '../../../../services/field-acts';
import { owner, perform } from '../../../../services/field-queue';
import { dropMedia, pickMedia } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { randomHex } from '../../../../services/random';
import type { ServiceSettings } from '../../../../services/service-settings';
import { oneLine } from '../../../../services/typed';
import { tilesFor } from '../../../../services/uploads';
import { EMPTY_FORM, endVisit, keepVisit, openVisit } from '../../../../services/visit-drafts';
import type { Fix } from '../../../../services/work-order-types';
import { texts } from '../../../../texts/index';
import { tell } from '../../telling';
import { judgePlace, renewed, type Whereabouts } from '../whereabouts';
import { dayOfVisit } from '../../day/underway';

/** Those whose page was left; nobody waits for them. */
const left = new WeakSet<object>();

/** It grows with what is written. */
const AREA = { minHeight: '160rpx', maxHeight: '480rpx' };

/** The beginning of a visit: where, why not there, and a live photo. Fires `done` once it is written down. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** A `VisitedOrder` of `services/field-acts`. */
    order: { type: Object, value: null },
    /** `ServiceSettings` of `services/service-settings`. */
    settings: { type: Object, value: {} },
  },
  data: {
    t: texts().visit,
    area: AREA,
    where: {} as Whereabouts,
    /** A fix that was taken just before sending. */
    newer: null as Fix | null,
    /** There is something to explain. */
    explain: false,
    reason: '',
    photo: '',
    tiles: [] as MediaTile[],
    problem: '',
    busy: false,
  },
  lifetimes: {
    attached() {
      this.setData({ t: texts().visit });
    },
    detached() {
      left.add(this);
      // A photo of a check-in that did not happen; of one that is under way, `checkIn` knows.
      this.dropPhoto();
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ t: texts().visit });
    },
  },
  methods: {
    placed({ detail }: Pick<WechatMiniprogram.CustomEvent<Whereabouts>, 'detail'>) {
      const { outcome } = detail;
      this.setData({ where: detail, explain: outcome !== 'inside' && outcome !== 'offline', problem: '' });
    },
    write({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ reason: detail.value, problem: '' });
    },
    /** By camera only: an old picture proves nothing. */
    async takePhoto() {
      if (this.data.busy) return;
      const { media, problem } = await pickMedia({ photos: 1, videos: 0 }, true);
      const t = texts().visit;
      const [taken] = media;
      if (taken === undefined) {
        if (problem !== undefined) this.setData({ problem: problem === 'refused' ? t.camera_refused : t.no_room });
        return;
      }
      this.dropPhoto();
      this.setData({ photo: taken.key, tiles: tilesFor([taken.key]), problem: '' });
    },
    dropPhoto() {
      if (this.data.busy) return;
      if (this.data.photo !== '') dropMedia([this.data.photo]);
      this.setData({ photo: '', tiles: [] });
    },
    missing(): string {
      const t = texts().visit;
      const { where, photo } = this.data;
      const { geofence_blocks, check_in_photo } = this.data.settings as ServiceSettings;
      const blocked = where.outcome === 'outside' || where.outcome === 'no_fix';
      if (geofence_blocks && blocked && oneLine(this.data.reason) === '') return t.reason_missing;
      return check_in_photo && photo === '' ? t.photo_missing : '';
    },
    /** Where the engineer is now: the phone may have moved on since the page was opened. */
    async placeNow(order: VisitedOrder) {
      const { fix } = this.data.where;
      const now = fix && (await renewed(fix));
      if (now !== undefined && now !== fix) this.setData({ newer: now });
      this.placed({ detail: await judgePlace(now, order.position, this.data.settings as ServiceSettings) });
    },
    async checkIn() {
      const order = this.data.order as VisitedOrder | null;
      const who = owner();
      if (order === null || who === undefined || this.data.busy) return;
      this.setData({ busy: true, problem: this.missing() });
      if (this.data.problem === '') {
        await this.placeNow(order);
        this.setData({ problem: this.missing() });
      }
      if (this.data.problem === '') await this.send(order, who);
      this.setData({ busy: false });
      if (left.has(this)) this.dropPhoto();
    },
    async send(order: VisitedOrder, who: Owner) {
      const visit_key = await randomHex(16);
      const { photo, tiles, reason } = this.data;
      const { fix, outcome, distance_meters } = this.data.where;
      const began = { checked_in_at: clock.now(), outcome, distance_meters };
      const order_id = order.id;
      if (!keepVisit({ ...who, visit_key, order_id, order, ...began, form: EMPTY_FORM })) {
        endVisit(visit_key, 'stay');
        this.setData({ problem: texts().fieldOrder.not_kept });
        return;
      }
      // From here on the photo is the act's, whatever becomes of this page.
      this.setData({ photo: '' });
      const skip_reason = this.data.explain ? oneLine(reason) : '';
      const day = dayOfVisit(began.checked_in_at);
      const made = await perform(
        { kind: 'check_in', order, fix, ...(skip_reason !== '' && { skip_reason }), ...(day !== undefined && { day }) },
        { key: visit_key, files: photo === '' ? [] : [photo] },
      );
      const told = await tell(made, texts().visit.checked_in);
      if (told.kind === 'refused') {
        endVisit(visit_key, 'stay');
        this.setData({ photo, tiles });
        return;
      }
      const judged = told.kind === 'done' ? told.answer.visit?.check_in : undefined;
      const draft = openVisit(order_id);
      if (judged !== undefined && draft?.visit_key === visit_key) {
        const { outcome: said, distance_meters: far } = judged;
        keepVisit({ ...draft, outcome: said, ...(typeof far === 'number' && { distance_meters: far }) });
      }
      this.setData({ tiles: [] });
      if (!left.has(this)) this.triggerEvent('done');
    },
  },
});
