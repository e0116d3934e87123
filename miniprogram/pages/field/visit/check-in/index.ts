import * as clock from '../../../../services/clock';
import { aboutOrder } from '../../../../services/field-acts';
import { owner, perform } from '../../../../services/field-queue';
import { dropMedia, pickMedia } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { randomHex } from '../../../../services/random';
import type { ServiceSettings } from '../../../../services/service-settings';
import { tilesFor } from '../../../../services/uploads';
import { EMPTY_FORM, endVisit, keepVisit } from '../../../../services/visit-drafts';
import type { WorkOrder } from '../../../../services/work-order-types';
import { texts } from '../../../../texts/index';
import { tell } from '../../telling';
import type { Whereabouts } from '../place/index';

/** It grows with what is written. */
const AREA = { minHeight: '160rpx', maxHeight: '480rpx' };

/** The beginning of a visit: where, why not there, and a live photo. Fires `done` once it is written down. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    order: { type: Object, value: null },
    /** `ServiceSettings` of `services/service-settings`. */
    settings: { type: Object, value: {} },
  },
  data: {
    t: texts().visit,
    area: AREA,
    where: {} as Whereabouts,
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
      // A photo of a check-in that did not happen.
      if (this.data.photo !== '') dropMedia([this.data.photo]);
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ t: texts().visit });
    },
  },
  methods: {
    placed({ detail }: WechatMiniprogram.CustomEvent<Whereabouts>) {
      const { outcome } = detail;
      this.setData({ where: detail, explain: outcome !== 'inside' && outcome !== 'offline', problem: '' });
    },
    write({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
      this.setData({ reason: detail.value, problem: '' });
    },
    /** By camera only: an old picture proves nothing. */
    async takePhoto() {
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
      if (this.data.photo !== '') dropMedia([this.data.photo]);
      this.setData({ photo: '', tiles: [] });
    },
    missing(): string {
      const t = texts().visit;
      const { where, photo } = this.data;
      const { geofence_blocks, check_in_photo } = this.data.settings as ServiceSettings;
      const blocked = where.outcome === 'outside' || where.outcome === 'no_fix';
      if (geofence_blocks && blocked && this.data.reason.trim() === '') return t.reason_missing;
      return check_in_photo && photo === '' ? t.photo_missing : '';
    },
    async checkIn() {
      const order = this.data.order as WorkOrder | null;
      const who = owner();
      const problem = this.missing();
      if (problem !== '' || order === null || who === undefined || this.data.busy) {
        this.setData({ problem });
        return;
      }
      this.setData({ busy: true });
      const visit_key = await randomHex(16);
      const { where, photo, reason } = this.data;
      const { outcome, distance_meters, fix } = where;
      const draft = { ...who, visit_key, order_id: order.id, checked_in_at: clock.now(), outcome, distance_meters };
      keepVisit({ ...draft, form: EMPTY_FORM });
      const skip_reason = this.data.explain ? reason.trim() : '';
      const made = await perform(
        { kind: 'check_in', order: aboutOrder(order), fix, ...(skip_reason !== '' && { skip_reason }) },
        { key: visit_key, files: photo === '' ? [] : [photo] },
      );
      const told = await tell(made, texts().visit.checked_in);
      this.setData({ busy: false });
      if (told.kind === 'refused') {
        endVisit(visit_key, 'stay');
        return;
      }
      const judged = told.kind === 'done' ? told.answer.visit?.check_in : undefined;
      if (judged !== undefined) {
        const { outcome: said, distance_meters: far } = judged;
        keepVisit({
          ...draft,
          outcome: said,
          ...(typeof far === 'number' && { distance_meters: far }),
          form: EMPTY_FORM,
        });
      }
      // It goes with the check-in now.
      this.setData({ photo: '', tiles: [] });
      this.triggerEvent('done');
    },
  },
});
