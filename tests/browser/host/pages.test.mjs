import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, data, errors, isReady, send, stack, until, useHost } from './support.mjs';

const host = useHost();
const HOME = 'pages/home/index';
const ONE = '/sub-a/pages/one/index';

test('a page lives as in WeChat', async (t) => {
  const page = await host.open(t);
  assert.deepEqual((await data(page)).log, ['load', 'show', 'ready']);
  assert.equal(await page.locator('#wechat-navigation-title').textContent(), 'Fixture');
  await send(page, 'navigateTo', { url: `${ONE}?id=a%20b` });
  await page.locator('#id').waitFor();
  assert.equal(await page.locator('#id').textContent(), 'a%20ba%20b');
  assert.equal(await page.locator('#wechat-navigation-title').textContent(), 'One');
  await page.locator('#wechat-navigation-back').click();
  assert.deepEqual(await stack(page), [HOME]);
  assert.deepEqual((await data(page)).log, ['load', 'show', 'ready', 'hide', 'show']);
  assert.deepEqual(await errors(page), []);
});

async function go(page, name, options) {
  const before = await stack(page);
  await send(page, name, options);
  await page.waitForFunction((old) => JSON.stringify(window.phone.stack()) !== old, JSON.stringify(before));
}

test('the rules of the page stack hold', async (t) => {
  const page = await host.open(t);
  const fails = async (name, url, expected) =>
    assert.equal((await call(page, name, { url })).failed.errMsg, `${name}:fail ${expected}`);
  await fails('navigateTo', '/pages/gone/index', 'page "pages/gone/index" is not found');
  await fails('navigateTo', '/pages/other/index', 'can not navigateTo a tabbar page');
  await fails('redirectTo', '/pages/other/index', 'can not redirectTo a tabbar page');
  await fails('switchTab', ONE, 'can not switch to no-tabBar page');
  await fails('navigateBack', undefined, 'cannot navigate back at first page');
  for (let i = 1; i < 10; i++) await go(page, 'navigateTo', { url: `${ONE}?id=${i}` });
  await fails('navigateTo', ONE, 'webview count limit exceed');
  assert.equal((await stack(page)).length, 10);
  await go(page, 'navigateBack', { delta: 8 });
  assert.deepEqual(await stack(page), [HOME, ONE.slice(1)]);
  await go(page, 'reLaunch', { url: ONE });
  assert.deepEqual(await stack(page), [ONE.slice(1)]);
});

test('tab pages stay alive, and other pages have no tab bar', async (t) => {
  const page = await host.open(t);
  await page.locator('#wechat-tab-bar').getByText('Other').click();
  assert.deepEqual(await stack(page), ['pages/other/index']);
  await page.locator('#wechat-tab-bar').getByText('Home').click();
  assert.deepEqual((await data(page)).log, ['load', 'show', 'ready', 'hide', 'show']);
  await call(page, 'setTabBarBadge', { index: 1, text: '3' });
  assert.equal(await page.locator('#wechat-tab-bar .wechat-badge').textContent(), '3');
  await go(page, 'navigateTo', { url: ONE });
  assert.equal(await page.locator('#wechat-tab-bar').isVisible(), false);
  await go(page, 'switchTab', { url: '/pages/other/index' });
  assert.deepEqual(await stack(page), ['pages/other/index']);
});

test('the app goes to the background and comes back', async (t) => {
  const page = await host.open(t);
  await page.evaluate(() => (window.phone.hide(), window.phone.show()));
  assert.deepEqual((await data(page)).log, ['load', 'show', 'ready', 'hide', 'show']);
});

test('theme and language reach the app, the bars and the styles', async (t) => {
  const page = await host.open(t, '', { lang: 'en' });
  const background = (selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal((await call(page, 'getAppBaseInfo')).ok.language, 'en');
  assert.equal(await background('#wechat-navigation-bar'), 'rgb(255, 255, 255)');
  await page.evaluate(() => window.phone.setTheme('dark'));
  assert.equal((await call(page, 'getAppBaseInfo')).ok.theme, 'dark');
  assert.equal(await background('#wechat-navigation-bar'), 'rgb(16, 16, 16)');
  assert.equal(await background('wx-page'), 'rgb(9, 9, 9)');
  await page.evaluate(() => (window.phone.setLanguage('zh_CN'), window.phone.restart()));
  await isReady(page);
  assert.equal((await call(page, 'getAppBaseInfo')).ok.language, 'zh_CN');
});

test('a missing first page is told and the first of the app is shown', async (t) => {
  const page = await host.open(t, '/pages/gone/index');
  assert.deepEqual(await stack(page), [HOME]);
  assert.deepEqual(await errors(page), ['page "pages/gone/index" is not found']);
});

test('what the app throws is recorded', async (t) => {
  const page = await host.open(t);
  await call(page, 'nowhere');
  await until(page, () => window.phone.errors.length > 0);
  assert.match((await errors(page))[0], /wx\.nowhere is not simulated/);
});
