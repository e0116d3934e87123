// What the phone keeps and asks for in the field: positions, media, orders, and whose they are.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

let kept;
let removed;
let asked;
let found;
let answers;
globalThis.wx = {
  getStorageSync: (key) => kept[key] ?? '',
  setStorageSync: (key, value) => (kept[key] = value),
  removeStorageSync: (key) => delete kept[key],
  getFileSystemManager: () => ({ unlink: ({ filePath }) => removed.push(filePath) }),
  async getLocation() {
    asked += 1;
    if (found === undefined) throw { errMsg: 'getLocation:fail' };
    return found;
  },
  getAppBaseInfo: () => ({ language: 'zh_CN' }),
  login: async () => ({ code: 'c' }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wx' } }),
  request({ url, method, success }) {
    const path = url.replace(/^https?:\/\/[^/]+/, '');
    const [statusCode, data] = answers.shift() ?? [500, { code: 'internal' }];
    calls.push(`${method} ${path}`);
    setTimeout(() => success({ statusCode, data, header: {}, cookies: [] }));
    return { abort: () => undefined };
  },
};
let calls;
const { isOld, renewed, merged, oneLine, call, sweepMedia } = load(
  'pages/field/visit/whereabouts.ts',
  'services/own-orders.ts',
  'services/typed.ts',
  'services/session.ts',
  'services/media-sweeping.ts',
);

beforeEach(() => {
  kept = {};
  [removed, calls, answers, asked] = [[], [], [], 0];
  found = { latitude: 31.5, longitude: 121.5, accuracy: 10 };
});

const fix = (age, source = 'gps') => {
  const fixed_at = new Date(Date.now() - age).toISOString();
  return { latitude: 31, longitude: 121, source, fixed_at };
};

test('a position that is older than two minutes is taken anew; one picked by hand is not', async () => {
  assert.ok(!isOld(fix(0), Date.now() + 100_000));
  const [fresh, picked, old] = [fix(60_000), fix(600_000, 'picked'), fix(180_000)];
  assert.equal(await renewed(fresh), fresh);
  assert.equal(await renewed(picked), picked);
  assert.equal(asked, 0);
  assert.equal((await renewed(old)).latitude, 31.5);
  found = undefined;
  assert.equal(await renewed(old), old, 'what is known has to do');
  assert.equal(asked, 2);
});

test('a reason has no line ends', () => {
  assert.equal(oneLine(' 地下室 \r\n没有\t信号\n'), '地下室 没有 信号');
  assert.equal(oneLine('\n \n'), '');
});

const order = (id, version) => ({ id, version });

test('orders that the phone has learned of meanwhile are not replaced by an older list', () => {
  const before = [order('changed', 1), order('finished', 1), order('gone', 1)];
  const now = [order('taken', 1), order('changed', 3), order('gone', 1)];
  const fetched = [order('changed', 2), order('finished', 1), order('new', 1)];
  assert.deepEqual(merged(fetched, before, now), [order('taken', 1), order('changed', 3), order('new', 1)]);
  assert.deepEqual(merged([order('a', 2)], [order('a', 1)], [order('a', 1)]), [order('a', 2)]);
});

test('media that nothing names leave the phone', () => {
  const names = ['report', 'form', 'signed', 'act', 'nobody'];
  kept = {
    local_media: names.map((key) => ({ key, kind: 'photo', path: `/${key}`, size: 1 })),
    report_drafts: [{ media: ['report'] }],
    visit_drafts: [{ form: { photos: ['form'], signature: 'signed' } }],
    field_acts: [{ files: ['act'] }],
  };
  sweepMedia();
  assert.deepEqual(
    kept.local_media.map(({ key }) => key),
    ['report', 'form', 'signed', 'act'],
  );
  assert.deepEqual(removed, ['/nobody']);
});

const session = (person_id) => ({
  access_token: 'lost',
  person_id,
  roles: ['engineer'],
  organization: { id: 'o', name: 'O' },
  scene: 's',
});
const loggedIn = (id) => ({
  access_token: 'new',
  person: { id, roles: ['engineer'] },
  organization: { id: 'o', name: 'O', scene: 's', utc_offsets: [] },
});

test('a session that comes back for the person who two accounts have become takes along what was done', async () => {
  const mine = { organization_id: 'o', person_id: 'one' };
  const theirs = { organization_id: 'o', person_id: 'somebody' };
  kept = {
    session: session('one'),
    field_acts: [mine, theirs],
    visit_drafts: [mine],
    tickets: { items: [] },
    own_orders: { items: [] },
  };
  answers = [
    [401, { code: 'unauthenticated' }],
    [201, loggedIn('both')],
    [200, {}],
  ];
  await call('get', '/api/v1/me', {});
  assert.equal(kept.session.person_id, 'both');
  assert.deepEqual(kept.field_acts, [{ organization_id: 'o', person_id: 'both' }, theirs]);
  assert.deepEqual(kept.visit_drafts, [{ organization_id: 'o', person_id: 'both' }]);
  assert.ok(!('own_orders' in kept) && !('tickets' in kept));
});
