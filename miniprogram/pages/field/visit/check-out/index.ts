import type { VisitedOrder, VisitResult } from '../../../../services/field-acts';
import { dropAct, endOf, fieldActs, onFieldActs, perform } from '../../../../services/field-queue';
import { dropMedia, MOST_PHOTOS, pickMedia } from '../../../../services/media';
import type { MediaTile } from '../../../../services/media-types';
import { serviceOffsets, type ServiceSettings } from '../../../../services/service-settings';
import { minute } from '../../../../services/time';
import { oneLine } from '../../../../services/typed';
import { onUploads, tilesFor } from '../../../../services/uploads';
import {
  EMPTY_FORM,
  endVisit,
  keepVisit,
  openVisit,
  type VisitDraft,
  type VisitForm,
} from '../../../../services/visit-drafts';
import { laborIn, missingIn, partsIn, type TypedLine } from '../../../../services/visit-form';
import { outcomeText } from '../../../../services/visit-lines';
import type { Fix } from '../../../../services/work-order-types';
import { filled, texts } from '../../../../texts/index';
import { tell } from '../../telling';
import type { LineField } from '../lines/index';
import { judgePlace, renewed, type Whereabouts } from '../whereabouts';

const RESULTS: readonly VisitResult[] = ['done', 'paused', 'unfinished'];

type Choose = WechatMiniprogram.TouchEvent<object, object, { result: VisitResult }>;
type Written = WechatMiniprogram.CustomEvent<{ value: string }, object, { field: 'text' | 'reason' }>;
type Lines = WechatMiniprogram.CustomEvent<{ lines: TypedLine[] }, object, { field: 'parts' | 'labor' }>;

const ended = new WeakMap<object, (() => void)[]>();

/** Those whose page was left; nobody waits for them. */
const left = new WeakSet<object>();

/** It grows with what is written. */
const AREA = { minHeight: '160rpx', maxHeight: '480rpx' };

/**
 * The end of a visit: result, what was done, parts, labor, photos, signature. Fires `done` once it is written down, and
 * `over` when the visit has ended elsewhere meanwhile.
 */
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
    since: '',
    /** The check-in is not sent yet. */
    waits: false,
    results: [] as { result: VisitResult; text: string }[],
    form: EMPTY_FORM as VisitForm,
    part_fields: [] as LineField[],
    labor_fields: [] as LineField[],
    tiles: [] as MediaTile[],
    room: MOST_PHOTOS,
    signature: [] as MediaTile[],
    where: {} as Whereabouts,
    /** A fix that was taken just before sending. */
    newer: null as Fix | null,
    problem: '',
    busy: false,
  },
  lifetimes: {
    attached() {
      const again = () => this.show();
      ended.set(this, [onFieldActs(again), onUploads(again)]);
      this.show();
    },
    detached() {
      left.add(this);
      ended.get(this)?.forEach((end) => end());
    },
  },
  pageLifetimes: {
    /** Also after the signature was drawn. */
    show() {
      this.show();
    },
  },
  observers: {
    order() {
      this.show();
    },
  },
  methods: {
    show() {
      const order = this.data.order as VisitedOrder | null;
      const draft = order === null ? undefined : openVisit(order.id);
      if (draft === undefined) return;
      const t = texts().visit;
      const { form, checked_in_at, outcome, distance_meters, visit_key } = draft;
      const said = outcome === undefined ? '' : outcomeText(outcome, distance_meters);
      this.setData({
        t,
        since: filled(t.since, { time: minute(checked_in_at, serviceOffsets()), outcome: said }),
        waits: fieldActs(draft.order_id).some(({ key }) => key === visit_key),
        results: RESULTS.map((result) => ({ result, text: texts().visitResults[result] })),
        form,
        part_fields: [
          { name: 'name', label: t.part_name, keys: 'text', most: 100, wide: true },
          { name: 'number', label: t.part_number, keys: 'text', most: 100, wide: true },
          { name: 'quantity', label: t.quantity, keys: 'digit', most: 13 },
          { name: 'unit', label: t.unit, keys: 'text', most: 20 },
        ],
        labor_fields: [
          { name: 'kind', label: t.labor_kind, keys: 'text', most: 50 },
          { name: 'minutes', label: t.minutes, keys: 'number', most: 5 },
        ],
        tiles: tilesFor(form.photos),
        room: MOST_PHOTOS - form.photos.length,
        signature: form.signature === undefined ? [] : tilesFor([form.signature]),
      });
    },
    /** Every change is kept at once: a call or an empty battery may come at any time. */
    keep(change: Partial<VisitForm>) {
      const order = this.data.order as VisitedOrder | null;
      const draft = order === null ? undefined : openVisit(order.id);
      const form = { ...this.data.form, ...change };
      const kept = draft === undefined || keepVisit({ ...draft, form });
      this.setData({ form, problem: kept ? '' : texts().fieldOrder.not_kept });
    },
    choose({ currentTarget: { dataset } }: Choose) {
      this.keep({ result: dataset.result });
    },
    write({ currentTarget: { dataset }, detail }: Written) {
      this.keep({ [dataset.field]: detail.value });
    },
    writeLines({ currentTarget: { dataset }, detail }: Lines) {
      this.keep({ [dataset.field]: detail.lines });
    },
    async addPhotos() {
      if (this.data.busy) return;
      const { media, problem } = await pickMedia({ photos: this.data.room, videos: 0 });
      const t = texts().visit;
      if (problem !== undefined) this.setData({ problem: problem === 'refused' ? t.camera_refused : t.no_room });
      if (media.length === 0) return;
      this.keep({ photos: [...this.data.form.photos, ...media.map(({ key }) => key)] });
      this.show();
    },
    removePhoto({ detail }: WechatMiniprogram.CustomEvent<{ key: string }>) {
      if (this.data.busy) return;
      dropMedia([detail.key]);
      this.keep({ photos: this.data.form.photos.filter((key) => key !== detail.key) });
      this.show();
    },
    sign() {
      if (this.data.busy) return;
      const order = this.data.order as VisitedOrder | null;
      void wx.navigateTo({ url: `/pages/field/signature/index?id=${order?.id ?? ''}` });
    },
    placed({ detail }: WechatMiniprogram.CustomEvent<Whereabouts>) {
      this.setData({ where: detail });
    },
    async checkOut() {
      const order = this.data.order as VisitedOrder | null;
      const missing = missingIn(this.data.form, this.data.settings as ServiceSettings);
      if (missing !== undefined) {
        this.setData({ problem: texts().visitMissing[missing] });
        return;
      }
      if (order === null || this.data.busy) return;
      this.setData({ busy: true, problem: '' });
      const where = await this.placeNow(order);
      const draft = openVisit(order.id);
      if (draft === undefined) this.triggerEvent('over');
      else await this.send(order, draft, where);
      this.setData({ busy: false });
    },
    /** Where the engineer is now: writing takes its time, and the phone may have moved on. */
    async placeNow({ position }: VisitedOrder): Promise<Whereabouts> {
      const { fix } = this.data.where;
      const now = fix && (await renewed(fix));
      if (now !== undefined && now !== fix) this.setData({ newer: now });
      return judgePlace(now, position, this.data.settings as ServiceSettings);
    },
    async send(order: VisitedOrder, draft: VisitDraft, { fix }: Whereabouts) {
      const { form } = this.data;
      const { visit_key, checked_in_at, outcome: judged, distance_meters } = draft;
      const { result, text, photos, signature, signer_name } = form;
      const reason = result === 'done' ? '' : oneLine(form.reason);
      const files = signature === undefined ? photos : [...photos, signature];
      // The phone had no room for it before; what is written now counts instead.
      const before = endOf(visit_key);
      if (before !== undefined) dropAct(before.key, 'stay');
      const made = await perform(
        {
          kind: 'check_out',
          order,
          visit_key,
          began: { checked_in_at, outcome: judged, distance_meters },
          fix,
          result,
          text: text.trim(),
          ...(reason !== '' && { reason }),
          parts: partsIn(form.parts) ?? [],
          labor: laborIn(form.labor) ?? [],
          ...(signature !== undefined && { signature, signer_name: signer_name.trim() }),
        },
        { files },
      );
      const told = await tell(made, texts().visit.done_toast);
      if (told.kind === 'refused') {
        // What was refused is still here, to be put right; but nobody can end a visit twice.
        const outcome = made?.outcome;
        if (outcome?.kind !== 'refused' || outcome.refusal.code !== 'already_checked_out') return;
        dropMedia(files);
      } else if (told.kind === 'kept' && made?.saved === false) {
        // The draft is all that would be left of it.
        this.setData({ problem: texts().fieldOrder.not_kept });
        return;
      } else endVisit(visit_key, 'stay');
      if (!left.has(this)) this.triggerEvent('done');
    },
  },
});
