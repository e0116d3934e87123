import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const kept = {};
globalThis.wx = { getStorageSync: (key) => kept[key] ?? '', setStorageSync: (key, value) => (kept[key] = value) };
const time = load('services/time.ts', 'services/clock.ts');
const shanghai = [{ from: '2026-01-01T00:00:00Z', seconds: 8 * 3600 }];
// Berlin puts its clocks forward on 29 March 2026 at 01:00 UTC, and back on 25 October.
const berlin = [
  { from: '2026-01-01T00:00:00Z', seconds: 3600 },
  { from: '2026-03-29T01:00:00Z', seconds: 7200 },
  { from: '2026-10-25T01:00:00Z', seconds: 3600 },
];

test('times are those of the event, whatever the phone is set to', () => {
  assert.equal(time.day('2026-05-01T17:30:00Z', shanghai), '2026-05-02');
  assert.equal(time.minute('2026-05-01T17:30:00Z', shanghai), '01:30');
  assert.equal(time.second(Date.parse('2026-05-01T17:30:09Z'), shanghai), '01:30:09');
});

test('the offset changes with the season, and the first one reaches back', () => {
  assert.equal(time.minute('2026-03-29T00:59:59Z', berlin), '01:59');
  assert.equal(time.minute('2026-03-29T01:00:00Z', berlin), '03:00');
  assert.equal(time.minute('2026-12-01T12:00:00Z', berlin), '13:00');
  assert.equal(time.minute('2025-12-01T12:00:00Z', berlin), '13:00');
});

test('a date and a time are the moment at which the clocks show them', () => {
  const at = (date, clock, offsets) => new Date(time.instant(date, clock, offsets)).toISOString();
  assert.equal(at('2026-05-02', '01:30', shanghai), '2026-05-01T17:30:00.000Z');
  assert.equal(at('2026-03-29', '01:59', berlin), '2026-03-29T00:59:00.000Z');
  assert.equal(at('2026-03-29', '03:00', berlin), '2026-03-29T01:00:00.000Z');
  assert.equal(at('2026-10-25', '03:30', berlin), '2026-10-25T02:30:00.000Z');
  assert.equal(at('2026-12-01', '13:00', berlin), '2026-12-01T12:00:00.000Z');
  assert.ok(Number.isNaN(time.instant('', '09:00', shanghai)));
});

test('a moment names its day only when it is not today', () => {
  const now = Date.parse('2026-05-02T02:00:00Z');
  assert.equal(time.moment('2026-05-01T17:30:09Z', shanghai, now), '01:30:09');
  assert.equal(time.moment('2026-05-01T15:30:09Z', shanghai, now), '05-01 23:30');
});

test('today is the day of the server, whatever day the phone is set to', () => {
  const two_days = 2 * 86_400_000;
  const there = Date.now() + two_days;
  time.learn(new Date(there).toUTCString(), Date.now(), Date.now());
  assert.equal(time.briefMoment(there, shanghai), time.minute(there, shanghai));
  assert.equal(time.moment(there, shanghai), time.second(there, shanghai));
  assert.match(time.briefMoment(there - two_days, shanghai), /^\d\d-\d\d /);
});

test('a period within one day names it once', () => {
  assert.equal(time.period('2026-05-01T01:00:00Z', '2026-05-01T10:00:00Z', shanghai), '2026-05-01 09:00–18:00');
  assert.equal(
    time.period('2026-05-01T01:00:00Z', '2026-05-02T10:00:00Z', shanghai),
    '2026-05-01 09:00 – 2026-05-02 18:00',
  );
});
