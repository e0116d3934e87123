import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { bodyOf } = load('services/reports.ts');
const { isWritten } = load('services/report-drafts.ts');
const { DAY_PARTS, partOf, preferredOf } = load('services/preferred.ts');

const SHANGHAI = [{ from: '1970-01-01T00:00:00Z', seconds: 8 * 3600 }];
const blank = {
  draft_id: 'd'.repeat(32),
  organization_id: 'o',
  organization: 'O',
  unit: { code: 'Ab3dE5fG7h', model: 'HL-2200', serial_number: 'S' },
  fault_types: [],
  fault_type: '',
  text: ' ',
  media: [],
  name: '',
  phone: '',
  separate: false,
  written_at: 0,
  as_person: false,
  waiting: false,
};

test('an empty draft is not worth keeping, and anything written is', () => {
  assert.equal(isWritten(blank), false);
  for (const change of [
    { text: '异响' },
    { fault_type: 'noise' },
    { media: ['k'] },
    { name: '王' },
    { phone: '13800008000' },
    { preferred: { from: '', until: '' } },
    { place: { latitude: 1, longitude: 2, source: 'picked', fixed_at: '' } },
  ])
    assert.equal(isWritten({ ...blank, ...change }), true, JSON.stringify(change));
});

test('a report says what was filled in, and nothing else', () => {
  assert.deepEqual(bodyOf({ ...blank, fault_type: 'noise', text: ' 异响 ' }, []), {
    draft_id: blank.draft_id,
    equipment_code: 'Ab3dE5fG7h',
    fault_type: 'noise',
    text: '异响',
    media_ids: [],
    contact: {},
    separate: false,
  });
  const place = { latitude: 31.2, longitude: 121.4, accuracy: 20, source: 'gps', fixed_at: 'x', name: '空压站' };
  const body = bodyOf({ ...blank, phone: ' 13800008000 ', name: '王', place, separate: true }, ['m']);
  assert.deepEqual(body.position, { latitude: 31.2, longitude: 121.4 });
  assert.equal(body.address, '空压站');
  assert.deepEqual(body.contact, { name: '王', phone: '13800008000' });
  assert.deepEqual([body.media_ids, body.separate], [['m'], true]);
});

test('a preferred time is a day and a part of it, there and back', () => {
  for (const part of Object.keys(DAY_PARTS)) {
    const preferred = preferredOf('2026-11-22', part, SHANGHAI);
    assert.deepEqual(partOf(preferred, SHANGHAI), { date: '2026-11-22', part });
    assert.ok(Date.parse(preferred.from) < Date.parse(preferred.until));
  }
  const morning = { from: '2026-11-22T00:00:00.000Z', until: '2026-11-22T04:00:00.000Z' };
  assert.deepEqual(preferredOf('2026-11-22', 'morning', SHANGHAI), morning);
  assert.equal(preferredOf('', 'any', SHANGHAI), undefined);
  assert.equal(preferredOf('2026-xx-01', 'any', SHANGHAI), undefined);
  assert.equal(partOf({ from: '2026-11-22T01:30:00Z', until: '2026-11-22T02:30:00Z' }, SHANGHAI).part, 'any');
});
