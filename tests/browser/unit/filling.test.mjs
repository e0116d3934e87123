// How a page stands when several loads of it overlap.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

globalThis.wx = { getStorageSync: () => '', getAppBaseInfo: () => ({ language: 'zh_CN' }) };
const { fill, overtake, LOADING, Failure } = load('pages/filling.ts', 'services/failure.ts');

let page;
beforeEach(() => {
  page = { data: { ...LOADING }, setData: (change) => Object.assign(page.data, change) };
});

/** A load that ends when the test says so. */
function begin() {
  const ends = {};
  const loaded = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { ...ends, done: fill(page, () => loaded) };
}
const offline = () => new Failure('offline');

test('an overtaken load that fails late does not take away what is shown', async () => {
  const [first, second] = [begin(), begin()];
  second.resolve('ready');
  await second.done;
  first.reject(offline());
  await first.done;
  assert.deepEqual(page.data, { state: 'ready', failure: '', stale: false });
});

test('an overtaken load that ends early says nothing about what is loaded now', async () => {
  const [first, second] = [begin(), begin()];
  first.resolve('empty');
  await first.done;
  assert.equal(page.data.state, 'loading');
  second.resolve('ready');
  await second.done;
  assert.equal(page.data.state, 'ready');
});

test('nor does one that was begun before the page turned to something else', async () => {
  const first = begin();
  overtake(page);
  page.setData(LOADING);
  first.resolve('empty');
  await first.done;
  assert.equal(page.data.state, 'loading');
});

test('what the phone knew and showed while it was loaded stays without network', async () => {
  const first = begin();
  page.setData({ state: 'ready' });
  first.reject(offline());
  await first.done;
  assert.deepEqual([page.data.state, page.data.stale], ['ready', true]);
  const again = begin();
  again.resolve('ready');
  await again.done;
  assert.equal(page.data.stale, false);
});
