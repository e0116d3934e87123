/** How each act of an engineer is said to the server. */
import { ask } from './asking';
import * as clock from './clock';
import { asFailure, Failure } from './failure';
import type { CheckOutDone, FieldAct } from './field-acts';
import { keptMedia } from './media';
import type { Visit, VisitAnswer } from './visits';
import type { WorkOrder } from './work-order-types';
import { current } from './session';
import { upload } from './uploads';
import { isThere } from './user-files';

/** What came of an act, as far as it says something. */
export interface ActAnswer {
  work_order?: WorkOrder;
  visit?: Visit;
  /** The visit is recorded, but the order had moved on: what was made on top of it has to be judged as it is. */
  conflict?: string;
}

/** A server that stores and judges is given more time than one that only answers. */
const TIMEOUT = 15_000;

const rfc3339 = (at: number): string => new Date(at).toISOString();

/** Sends an act with its files. `changed` writes down which of them the server refuses. Throws a `Failure`. */
export async function sendAct(act: FieldAct, changed: (act: FieldAct) => void): Promise<ActAnswer> {
  const ids = await sendFiles(act, changed);
  const { organization_id } = act;
  const times = { at: rfc3339(act.made_at), sent_at: rfc3339(Date.now() + act.ahead) };
  switch (act.kind) {
    case 'move': {
      const path = { id: act.order.id };
      const move = (at: string | undefined, fields = act.fields): Promise<WorkOrder> => {
        const body = { move: act.move, version: act.version, move_key: act.key, at, ...fields };
        return ask('post', '/api/v1/work-orders/{id}/moves', { path, body, timeout: TIMEOUT }, organization_id);
      };
      // By the clock as it is known now; where even that is wrong, the server's own has to do.
      const at = rfc3339(act.made_at - act.ahead + (clock.now() - Date.now()));
      const work_order = await move(at).catch((error: unknown) => {
        const { code, fields } = asFailure(error);
        if (code !== 'invalid_field' || !fields.some(({ field }) => field === 'at')) throw error;
        // By the server's clock, until when it pauses may be over.
        const { until, ...others } = act.fields;
        return move(undefined, typeof until === 'string' && Date.parse(until) <= clock.now() ? others : act.fields);
      });
      return { work_order };
    }
    case 'check_in': {
      const { day, fix, skip_reason, offline = false } = act;
      const photo_id = ids.get(act.files[0] ?? '');
      const body = { visit_key: act.key, day, ...times, fix, skip_reason, photo_id, offline };
      const parts = { path: { id: act.order.id }, body, timeout: TIMEOUT };
      return answerOf(await ask('post', '/api/v1/work-orders/{id}/visits', parts, organization_id));
    }
    case 'check_out': {
      const body = { ...times, ...checkOut(act, ids) };
      const parts = { path: { id: act.order.id, visit_id: act.visit_key }, body, timeout: TIMEOUT };
      return answerOf(await ask('patch', '/api/v1/work-orders/{id}/visits/{visit_id}', parts, organization_id));
    }
    case 'day_point': {
      const { point, day, fix, address, odometer_meters, offline = false } = act;
      const photo_id = ids.get(act.files[0] ?? '');
      const body = { point_key: act.key, kind: point, day, ...times, fix, address, odometer_meters, photo_id, offline };
      await ask('post', '/api/v1/me/day-points', { body, timeout: TIMEOUT }, organization_id);
      return {};
    }
  }
}

function checkOut(act: CheckOutDone & FieldAct, ids: ReadonlyMap<string, string>): object {
  const { fix, skip_reason, offline = false, result, text, reason, parts, labor, signature, signer_name, files } = act;
  const signature_id = signature === undefined ? undefined : ids.get(signature);
  const photo_ids = files.filter((key) => key !== signature).flatMap((key) => ids.get(key) ?? []);
  const signed = signature_id !== undefined && { signature_id, signer_name };
  return { fix, skip_reason, offline, result, text, reason, parts, labor, photo_ids, ...signed };
}

function answerOf({ visit, work_order, work_order_conflict }: VisitAnswer): ActAnswer {
  return {
    visit,
    ...(work_order && { work_order }),
    ...(work_order_conflict && { conflict: work_order_conflict }),
  };
}

/** Ids on the server by keys on the phone. */
async function sendFiles(act: FieldAct, changed: (act: FieldAct) => void): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const key of act.files) {
    try {
      const [media] = keptMedia([key]);
      if (media === undefined || (media.media_id === undefined && !(await isThere(media.path)))) {
        throw new Failure('file_gone', 410);
      }
      ids.set(key, await upload(media, { organization_id: act.organization_id }));
    } catch (error) {
      const { status, login } = asFailure(error);
      // Whoever has logged out meanwhile sends nothing, and nothing is refused for that.
      if (current()?.person_id !== act.person_id) throw new Failure('unauthenticated', 401, [], true);
      const refused = !login && [410, 413, 415, 422].includes(status);
      if (refused) changed({ ...act, refused_files: [...(act.refused_files ?? []), key] });
      throw error;
    }
  }
  return ids;
}
