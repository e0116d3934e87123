import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const form = load('services/visit-form.ts');
const { kilometers, metersIn } = load('services/mileage.ts');
const { withWaiting } = load('services/day-lines.ts');
const { moveIn } = load('services/field-view.ts');
const { ageInMinutes } = load('services/nearby.ts');
const { byFitness } = load('services/dispatch.ts');
const strokes = load('pages/field/signature/strokes.ts');

const WRITTEN = { result: 'done', text: '更换电源板', reason: '', parts: [], labor: [], photos: [], signer_name: '' };
const RELAXED = { signature_required: false };

test('quantities and minutes are numbers above zero, as people type them', () => {
  assert.equal(form.quantityIn(' 1,5 '), '1.5');
  assert.equal(form.quantityIn('12'), '12');
  for (const typed of ['', '0', '0.0', '-1', '1.5.2', 'zwei', '1e3', '1.1234567']) {
    assert.equal(form.quantityIn(typed), undefined, typed);
  }
  assert.equal(form.minutesIn('45'), 45);
  for (const typed of ['', '0', '1.5', '-3', '100000']) assert.equal(form.minutesIn(typed), undefined, typed);
});

test('lines that nobody filled in do not count; half a line is wrong', () => {
  const empty = { key: '0', name: '', number: '', quantity: '', unit: ' ' };
  const board = { key: '1', name: ' 电源板 ', number: '', quantity: '2', unit: '块' };
  assert.deepEqual(form.partsIn([empty, board]), [{ name: '电源板', quantity: '2', unit: '块' }]);
  assert.equal(form.partsIn([{ ...board, quantity: '' }]), undefined);
  assert.equal(form.partsIn([{ ...board, name: '' }]), undefined);
  assert.deepEqual(form.laborIn([{ key: '0', kind: '', minutes: '' }]), []);
  assert.equal(form.laborIn([{ key: '0', kind: '检修', minutes: '' }]), undefined);
});

test('a visit ends with words, a pause with a reason, and a signature where one is wanted', () => {
  assert.equal(form.missingIn(WRITTEN, RELAXED), undefined);
  assert.equal(form.missingIn({ ...WRITTEN, text: ' ' }, RELAXED), 'text_missing');
  assert.equal(form.missingIn({ ...WRITTEN, result: 'paused' }, RELAXED), 'reason_missing');
  assert.equal(form.missingIn({ ...WRITTEN, result: 'paused', reason: '等配件' }, RELAXED), undefined);
  const half = [{ key: '0', kind: '检修', minutes: 'x' }];
  assert.equal(form.missingIn({ ...WRITTEN, labor: half }, RELAXED), 'line_missing');
  const strict = { signature_required: true };
  assert.equal(form.missingIn(WRITTEN, strict), 'signature_missing');
  assert.equal(form.missingIn({ ...WRITTEN, signature: 'k' }, strict), undefined);
  assert.equal(
    form.missingIn({ ...WRITTEN, result: 'unfinished' }, strict),
    undefined,
    'nobody signs for what is not done',
  );
});

test('kilometers are typed with point or comma, and read to the meter', () => {
  assert.equal(metersIn('12.345'), 12_345);
  assert.equal(metersIn(' 7,3 '), 7300);
  assert.equal(metersIn('0'), 0);
  for (const typed of ['', '-1', '1.2345', 'x', '12345678']) assert.equal(metersIn(typed), undefined, typed);
  assert.equal(kilometers(10_212), '10.21');
});

const ME = { organization_id: 'o', person_id: 'p', lane: 'day', files: [], ahead: 0 };
const SHANGHAI = [{ from: '1970-01-01T00:00:00Z', seconds: 8 * 3600 }];
const at = (time) => Date.parse(`2026-11-21T${time}:00+08:00`);
const point = (key, kind, time, more = {}) => ({
  ...ME,
  key,
  kind: 'day_point',
  point: kind,
  made_at: at(time),
  ...more,
});
const stop = (id, time) => {
  const when = new Date(at(time)).toISOString();
  return { id, kind: 'start', at: when, counted_at: when };
};
const DAY = { day: '2026-11-21', status: 'open', stops: [stop('sent', '08:00')], legs: [], total_meters: 0 };

test('a day counts what waits on the phone, in its place and once', () => {
  const visit = {
    ...ME,
    key: 'visit',
    kind: 'check_in',
    made_at: at('09:30'),
    order: { id: '1', number: 'N', model: 'M' },
  };
  const day = withWaiting(DAY, [point('end', 'end', '17:00'), visit, point('sent', 'start', '08:00')], SHANGHAI);
  assert.deepEqual(
    day.stops.map(({ id, kind }) => `${id} ${kind}`),
    ['sent start', 'visit visit', 'end end'],
  );
  assert.equal(day.stops[1].visit.number, 'N');
});

test('what was done after midnight counts on the day that it names', () => {
  const night = Date.parse('2026-11-22T00:30:00+08:00');
  const acts = [point('end', 'end', '00:00', { made_at: night, day: '2026-11-21' })];
  assert.deepEqual(
    withWaiting(DAY, acts, SHANGHAI).stops.map(({ id }) => id),
    ['sent', 'end'],
  );
  const next = { ...DAY, day: '2026-11-22', stops: [] };
  assert.equal(withWaiting(next, acts, SHANGHAI), next);
});

test('what was refused, belongs to another day, or is no stop does not count', () => {
  const yesterday = Date.parse('2026-11-20T18:00:00+08:00');
  const acts = [
    point('refused', 'end', '17:00', { refused: { code: 'invalid_field' } }),
    point('before', 'end', '00:00', { made_at: yesterday }),
    { ...ME, key: 'move', kind: 'move', made_at: at('10:00'), order: { id: '1', number: 'N', model: 'M' } },
  ];
  assert.equal(withWaiting(DAY, acts, SHANGHAI), DAY);
});

test('a visit moves its order as the server will', () => {
  const order = { id: '1', number: 'N', model: 'M' };
  const out = { kind: 'check_out', order, text: 'T', reason: 'R' };
  assert.deepEqual(moveIn({ kind: 'check_in', order }), { move: 'arrive', fields: {} });
  assert.deepEqual(moveIn({ ...out, result: 'done' }), { move: 'finish', fields: { text: 'T' } });
  assert.deepEqual(moveIn({ ...out, result: 'paused' }), { move: 'pause', fields: { reason: 'R' } });
  assert.equal(moveIn({ ...out, result: 'unfinished' }), undefined);
  assert.equal(moveIn({ kind: 'day_point', point: 'start' }), undefined);
});

test('the age of a position is never negative', () => {
  const now = Date.parse('2026-11-21T08:10:59Z');
  assert.equal(ageInMinutes({ fixed_at: '2026-11-21T08:00:00Z' }, now), 10);
  assert.equal(ageInMinutes({ fixed_at: '2026-11-21T08:11:30Z' }, now), 0);
});

test('the nearest engineer first; who was not seen comes after, by load', () => {
  const engineers = [
    { id: 'busy', open_work_orders: 4 },
    { id: 'far', open_work_orders: 0, distance_meters: 9000 },
    { id: 'free', open_work_orders: 0 },
    { id: 'near', open_work_orders: 5, distance_meters: 100 },
  ];
  assert.deepEqual(
    engineers.sort(byFitness).map(({ id }) => id),
    ['near', 'far', 'free', 'busy'],
  );
});

test('a signature keeps its shape when the phone is turned', () => {
  const drawn = { width: 300, height: 600 };
  const turned = { width: 600, height: 300 };
  const [left, right] = [0, 300].map((x) => strokes.placed({ x, y: 300 }, drawn, turned));
  assert.deepEqual(left, { x: 225, y: 150 });
  assert.deepEqual(right, { x: 375, y: 150 });
});

test('a slip of the finger is no signature', () => {
  const stroke = (dots) => ({ dots: Array.from({ length: dots }, (_, x) => ({ x, y: 0 })), width: 10, height: 10 });
  assert.ok(!strokes.isSignature([]));
  assert.ok(!strokes.isSignature([stroke(2), stroke(1)]));
  assert.ok(strokes.isSignature([stroke(5), stroke(4)]));
});
