import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, DOMAIN, isReady, useHost } from './support.mjs';

const host = useHost();

test('storage is the phone’s own and has limits', async (t) => {
  const page = await host.open(t);
  assert.deepEqual(await call(page, 'getStorageSync', 'key'), { ok: '' });
  await call(page, 'setStorageSync', 'key', { n: 1 });
  assert.deepEqual(await call(page, 'getStorageSync', 'key'), { ok: { n: 1 } });
  assert.equal((await call(page, 'getStorage', { key: 'gone' })).failed.errMsg, 'getStorage:fail data not found');
  assert.equal(
    (await call(page, 'setStorageSync', 'big', 'repeat 1048576')).failed,
    'setStorageSync:fail entry size limit reached',
  );
  assert.deepEqual((await call(page, 'getStorageInfoSync')).ok, { keys: ['key'], currentSize: 1, limitSize: 10240 });

  const other = await host.open(t, '', { phone: 'b', context: page.context() });
  assert.deepEqual(await call(other, 'getStorageSync', 'key'), { ok: '' });
  await page.evaluate(() => window.phone.restart());
  await isReady(page);
  assert.deepEqual(await call(page, 'getStorageSync', 'key'), { ok: { n: 1 } });
});

test('a request reaches the server as it is, and no other domain', async (t) => {
  const page = await host.open(t);
  const header = { authorization: 'Bearer x' };
  const { ok } = await call(page, 'request', { url: `${DOMAIN}/a/b?c=%2F`, method: 'PATCH', data: { n: 1 }, header });
  assert.equal(ok.statusCode, 200);
  assert.equal(ok.header.date, 'Thu, 01 Jan 1970 00:00:00 GMT');
  const { method, url, headers, body } = ok.data;
  assert.deepEqual({ method, url, body }, { method: 'PATCH', url: '/a/b?c=%2F', body: '{"n":1}' });
  assert.equal(headers.authorization, 'Bearer x');
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['x-forwarded-for'], undefined);
  assert.equal((await call(page, 'request', { url: `${DOMAIN}/refused` })).ok.statusCode, 403);
  const elsewhere = await call(page, 'request', { url: 'https://elsewhere.example/x' });
  assert.deepEqual(elsewhere.failed, { errMsg: 'request:fail url not in domain list', errno: 600002 });
  const slow = await call(page, 'request', { url: `${DOMAIN}/slow`, timeout: 50 });
  assert.deepEqual(slow.failed, { errMsg: 'request:fail timeout', errno: 5 });
});

test('without network nothing is sent', async (t) => {
  const page = await host.open(t);
  await page.evaluate(() => window.phone.setNetwork(false));
  const { failed } = await call(page, 'request', { url: `${DOMAIN}/x` });
  assert.match(failed.errMsg, /^request:fail /);
  assert.equal(failed.errno, 600001);
  assert.equal((await call(page, 'getNetworkType')).ok.networkType, 'none');
});

test('login gives a code for the user of the phone', async (t) => {
  const page = await host.open(t, '', { user: 'staff' });
  assert.deepEqual((await call(page, 'login')).ok, { code: 'code of staff', errMsg: 'login:ok' });
  const calls = await page.evaluate(() => window.phone.calls.map(({ name }) => name));
  assert.deepEqual(calls.slice(-1), ['login']);
});

test('dialogues give what the person chose', async (t) => {
  const page = await host.open(t);
  const answer = async (name, options, button) => {
    const [result] = await Promise.all([call(page, name, options), page.getByRole('button', { name: button }).click()]);
    return result;
  };
  const { confirm, cancel } = (await answer('showModal', { title: 'Sure?' }, '取消')).ok;
  assert.deepEqual({ confirm, cancel }, { confirm: false, cancel: true });
  assert.equal((await answer('showActionSheet', { itemList: ['x', 'y'] }, 'y')).ok.tapIndex, 1);
  assert.equal(
    (await answer('showActionSheet', { itemList: ['x'] }, '取消')).failed.errMsg,
    'showActionSheet:fail cancel',
  );
  const many = await call(page, 'showActionSheet', { itemList: [...'abcdefg'] });
  assert.match(many.failed.errMsg, /^showActionSheet:fail parameter error/);
});

test('a call can be replaced', async (t) => {
  const page = await host.open(t);
  await page.evaluate(() =>
    window.phone.stub('vibrateLong', () => {
      throw 'broken';
    }),
  );
  assert.equal((await call(page, 'vibrateLong')).failed.errMsg, 'vibrateLong:fail broken');
  await call(page, 'vibrateShort', { type: 'light' });
  await call(page, 'setKeepScreenOn', { keepScreenOn: true });
  const { vibrations, keepsScreenOn } = await page.evaluate(() => ({ ...window.phone }));
  assert.deepEqual(vibrations, [{ kind: 'short', type: 'light' }]);
  assert.equal(keepsScreenOn, true);
});

test('random values and system information are like a phone’s', async (t) => {
  const page = await host.open(t);
  assert.ok((await call(page, 'getRandomValues', { length: 1048577 })).failed);
  const { windowHeight, statusBarHeight, screenHeight } = (await call(page, 'getWindowInfo')).ok;
  assert.deepEqual(
    { windowHeight, statusBarHeight, screenHeight },
    { windowHeight: 760 - 64 - 50, statusBarHeight: 20, screenHeight: 760 },
  );
  assert.equal((await call(page, 'getAccountInfoSync')).ok.miniProgram.appId, 'wx00000000000000d0');
});
