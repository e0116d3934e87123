import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

let kept;
globalThis.wx = {
  getStorageSync: (key) => kept[key] ?? '',
  setStorageSync: (key, value) => (kept[key] = value),
  getAppBaseInfo: () => ({ language: 'zh_CN' }),
};
const { dayOfVisit, dayUnderway, eveOf, knownDay, submitDay, underway, filterOf } = load(
  'pages/field/day/underway.ts',
  'pages/field/nearby/filters.ts',
  'services/mileage.ts',
);

const ME = { organization_id: 'o', person_id: 'p' };
const SHANGHAI = [{ from: '1970-01-01T00:00:00Z', seconds: 8 * 3600 }];
const at = (time) => Date.parse(`${time}:00+08:00`);
const stop = (kind, time) => ({ id: `${kind} ${time}`, kind, counted_at: new Date(at(time)).toISOString() });
const dayOf = (day, stops, more = {}) => ({ day, status: 'open', stops, legs: [], version: 1, ...more });
const EVE = dayOf('2026-11-21', [stop('start', '2026-11-21T08:00'), stop('visit', '2026-11-21T22:00')]);
const waiting = (point, time, more = {}) => ({
  ...ME,
  key: point,
  kind: 'day_point',
  lane: 'day',
  files: [],
  point,
  made_at: at(time),
  ahead: 0,
  ...more,
});

beforeEach(() => {
  kept = {
    session: { person_id: 'p', organization: { id: 'o', utc_offsets: SHANGHAI }, roles: ['engineer'] },
    mileage_day: { ...ME, days: [EVE] },
  };
});

test('the day before a month or a year is the last of the one before', () => {
  assert.equal(eveOf('2027-01-01'), '2026-12-31');
  assert.equal(eveOf('2028-03-01'), '2028-02-29');
});

test('a day is under way from its last start to its end, and no more once it was submitted', () => {
  const today = dayOf('2026-11-22', []);
  assert.equal(underway([today, EVE]).day, '2026-11-21');
  assert.equal(underway([dayOf('2026-11-22', [stop('start', '2026-11-22T07:00')]), EVE]).day, '2026-11-22');
  assert.equal(underway([today, { ...EVE, status: 'submitted' }]), undefined);
  const ended = dayOf('2026-11-21', [...EVE.stops, stop('end', '2026-11-21T23:00')]);
  assert.equal(underway([today, ended]), undefined);
  const again = [stop('start', '2026-11-22T07:00'), stop('end', '2026-11-22T08:00')];
  assert.equal(underway([dayOf('2026-11-22', again), EVE]), undefined, 'what came after counts');
});

test('after midnight the day before goes on, until an end waits on the phone', () => {
  const night = at('2026-11-22T00:30');
  assert.equal(dayUnderway(night).day, '2026-11-21');
  kept.field_acts = [waiting('end', '2026-11-22T00:20', { day: '2026-11-21' })];
  assert.equal(dayUnderway(night), undefined);
  kept.field_acts = [waiting('end', '2026-11-22T00:20')];
  assert.equal(dayUnderway(night), undefined, 'an end of today comes after it');
});

test('a start that waits on the phone is under way too', () => {
  kept.mileage_day = undefined;
  kept.field_acts = [waiting('start', '2026-11-21T20:00')];
  assert.equal(dayUnderway(at('2026-11-22T01:00')).day, '2026-11-21');
});

test('a visit at night belongs to the day that has started; one on the next morning does not', () => {
  assert.equal(dayOfVisit(at('2026-11-22T01:00')), '2026-11-21');
  assert.equal(dayOfVisit(at('2026-11-21T21:00')), undefined, 'today needs no name');
  assert.equal(dayOfVisit(at('2026-11-22T08:30')), undefined, 'the end was forgotten');
});

test('days of somebody else, and what older versions have kept, are not known', () => {
  kept.mileage_day = { ...ME, person_id: 'other', days: [EVE] };
  assert.equal(knownDay('2026-11-21'), undefined);
  kept.mileage_day = { ...ME, day: EVE };
  assert.equal(knownDay('2026-11-21'), undefined);
});

test('a day is submitted as it was looked at', async () => {
  const submitted = { ...EVE, status: 'submitted', version: 8 };
  const sent = [];
  globalThis.wx.request = ({ url, method, data, success }) => {
    sent.push([method, new URL(url).pathname, data]);
    success({ statusCode: 200, data: submitted, header: {} });
  };
  assert.deepEqual(await submitDay({ ...EVE, version: 7 }), submitted);
  assert.deepEqual(sent, [['POST', '/api/v1/mileage-days/me/2026-11-21/submit', { version: 7 }]]);
  assert.equal(knownDay('2026-11-21').version, 8);
});

test('what is due today is due by midnight of the organization', () => {
  const due = (time) => filterOf({ state: 0, due: 1, skill: 0 }, at(time)).due_before;
  assert.equal(due('2026-11-21T23:59'), '2026-11-21T16:00:00.000Z');
  assert.equal(due('2026-11-22T00:00'), '2026-11-22T16:00:00.000Z');
});
