// Where a scan leads to when many pages lie on top of each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

let opened = [];
let pages = 0;
globalThis.getCurrentPages = () => Array.from({ length: pages });
globalThis.wx = {
  getStorageSync: () => '',
  getAppBaseInfo: () => ({ language: 'zh_CN' }),
  scanCode: async () => ({ result: 'https://example.com/q/Ab3dE5fG7h' }),
  async navigateTo({ url }) {
    // WeChat allows no more.
    if (pages >= 10) throw { errMsg: 'navigateTo:fail webview count limit exceed' };
    pages += 1;
    opened.push(url);
  },
  redirectTo: async ({ url }) => void opened.push(url),
};
const { scanUnit } = load('services/unit-scan.ts');

test('one unit after the other can be scanned, and there is always room to report', async () => {
  [opened, pages] = [[], 1];
  for (let number = 1; number <= 12; number += 1) {
    await scanUnit();
    assert.equal(opened.length, number);
  }
  assert.equal(opened[11], '/pages/service/unit/index?code=Ab3dE5fG7h');
  assert.ok(pages <= 7, 'the report, its login and what was reported fit on top');
});
