import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

/** What the phone keeps, and whether it is full. */
let kept;
let full;
globalThis.wx = {
  getStorageSync: (key) => (key in kept ? JSON.parse(kept[key]) : ''),
  setStorageSync(key, value) {
    if (full) throw new Error('setStorage:fail exceed storage max size');
    kept[key] = JSON.stringify(value);
  },
  removeStorageSync: (key) => delete kept[key],
  getFileSystemManager: () => ({ unlink: ({ filePath }) => removed.push(filePath) }),
};
let removed;

const ME = { organization_id: 'o', person_id: 'p' };
const ORDER = { id: '1', number: 'N', model: 'M', position: { latitude: 31, longitude: 121 } };
const keep = (key, value) => wx.setStorageSync(key, value);
const stored = (key) => wx.getStorageSync(key);
const BEGAN = { checked_in_at: 1000, outcome: 'inside' };
const checkIn = (more = {}) => ({
  ...ME,
  key: 'visit',
  kind: 'check_in',
  lane: 'order:1',
  files: ['arrived'],
  order: ORDER,
  made_at: 1000,
  ahead: 0,
  ...more,
});
const checkOut = (more = {}) => ({
  ...checkIn(),
  key: 'end',
  kind: 'check_out',
  visit_key: 'visit',
  began: BEGAN,
  result: 'paused',
  text: '换了保险丝',
  reason: '等配件',
  parts: [{ name: '保险丝', quantity: '2' }],
  labor: [{ kind: '检修', minutes: 45 }],
  files: ['after', 'broken', 'signed'],
  signature: 'signed',
  signer_name: '李经理',
  ...more,
});

let phone;

beforeEach(() => {
  kept = {};
  full = false;
  removed = [];
  // Anew each time: they remember what a full phone cannot keep.
  phone = load('pages/field/visit/endings.ts', 'services/field-queue.ts', 'services/visit-drafts.ts');
  keep('session', { person_id: 'p', organization: { id: 'o' }, roles: ['engineer'], access_token: 't', scene: 's' });
  keep(
    'local_media',
    ['arrived', 'after', 'broken', 'signed', 'form'].map((key) => ({ key, kind: 'photo', path: key, size: 1 })),
  );
});

const form = (more = {}) => ({ ...phone.EMPTY_FORM, ...more });
const draft = (more = {}) => ({
  ...ME,
  visit_key: 'visit',
  order_id: '1',
  order: ORDER,
  ...BEGAN,
  form: form(),
  ...more,
});

test('a check-out that was refused later is opened again as it was written, without what is never taken', () => {
  keep('field_acts', [checkOut({ refused: { code: 'media_broken' }, refused_files: ['broken'] })]);
  assert.ok(phone.hasVisitToEnd('1'));
  assert.deepEqual(phone.takeBack('1'), { code: 'media_broken' });
  assert.deepEqual(stored('field_acts'), []);
  const { form: written, ...about } = phone.openVisit('1');
  assert.deepEqual(about, { ...ME, visit_key: 'visit', order_id: '1', order: ORDER, ...BEGAN });
  assert.deepEqual(written, {
    result: 'paused',
    text: '换了保险丝',
    reason: '等配件',
    parts: [{ key: '0', name: '保险丝', number: '', quantity: '2', unit: '' }],
    labor: [{ key: '0', kind: '检修', minutes: '45' }],
    photos: ['after'],
    signature: 'signed',
    signer_name: '李经理',
  });
  assert.ok(
    stored('local_media').some(({ key }) => key === 'after'),
    'its photos stay',
  );
});

test('a check-out that waits, or of a visit that has ended, is not opened again', () => {
  keep('field_acts', [checkOut()]);
  assert.equal(phone.takeBack('1'), undefined);
  keep('field_acts', [checkOut({ refused: { code: 'already_checked_out' } })]);
  assert.equal(phone.takeBack('1'), undefined);
  assert.ok(!phone.hasVisitToEnd('1'));
});

test('without room the refused check-out stays, and can be put right all the same', () => {
  keep('field_acts', [checkOut({ refused: { code: 'invalid_field' } })]);
  full = true;
  assert.deepEqual(phone.takeBack('1'), { code: 'invalid_field' });
  assert.equal(phone.openVisit('1').form.text, '换了保险丝');
  assert.equal(stored('field_acts').length, 1);
});

test('giving up a check-in gives up the visit, with what waits and what is written for its end', () => {
  keep('field_acts', [checkIn({ refused: { code: 'not_found' } }), checkOut()]);
  keep('visit_drafts', [draft({ form: form({ photos: ['form'] }) })]);
  assert.equal(phone.endOf('visit').key, 'end');
  phone.dropAct('visit');
  assert.deepEqual(stored('field_acts'), []);
  assert.equal(phone.openVisit('1'), undefined);
  assert.deepEqual(stored('local_media'), []);
});

test('giving up a check-out leaves the visit open, with an empty form', () => {
  keep('field_acts', [checkIn(), checkOut()]);
  phone.dropAct('end');
  assert.deepEqual(
    stored('field_acts').map(({ key }) => key),
    ['visit'],
  );
  assert.deepEqual(phone.openVisit('1'), draft());
  assert.ok(!removed.includes('arrived'), 'the check-in keeps its photo');
  assert.ok(removed.includes('after'));
});

test('a visit is over when the server says so, but never while the phone has something to say about it', () => {
  const visit = { visit_key: 'visit', check_out: null };
  assert.equal(phone.whyOver(draft(), [visit], []), undefined);
  assert.equal(phone.whyOver(draft(), [{ ...visit, check_out: { at: 'x' } }], []), 'ended');
  assert.equal(phone.whyOver(draft(), [], []), 'unknown');
  assert.equal(phone.whyOver(draft(), [], [checkIn()]), undefined, 'the check-in waits');
  assert.equal(phone.whyOver(draft(), [{ ...visit, check_out: { at: 'x' } }], [checkOut()]), undefined);
});

test('a full phone holds a visit for as long as the mini program runs, and says so', () => {
  full = true;
  assert.equal(phone.keepVisit(draft({ form: form({ text: '写着' }) })), false);
  assert.equal(phone.openVisit('1').form.text, '写着');
  full = false;
  assert.equal(phone.keepVisit(draft({ form: form({ text: '写完' }) })), true);
  assert.deepEqual(
    stored('visit_drafts').map(({ form: { text } }) => text),
    ['写完'],
  );
});
