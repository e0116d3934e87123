import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, data, errors, send, stack, until, useHost } from './support.mjs';

const host = useHost();
const FIELD = '/pages/field/index';

test('a slider, a text of many lines and pickers say what was chosen', async (t) => {
  const page = await host.open(t, FIELD);
  await page.locator('#slider input').fill('8');
  await until(page, ({ heard }) => heard.length === 2);
  assert.deepEqual((await data(page)).heard, [
    ['slider', 'changing', 8],
    ['slider', 'change', 8],
  ]);
  await page.locator('#text textarea').fill('one\ntwo\nthree and more than thirty characters');
  await until(page, ({ lineCount }) => lineCount >= 3);
  assert.ok((await page.locator('#text').boundingBox()).height >= 60);
  await page.locator('#month input').fill('2026-05');
  await page.locator('#time input').fill('10:30');
  await until(page, ({ heard }) => heard.some(([id]) => id === 'time'));
  const heard = (await data(page)).heard.slice(-2);
  assert.deepEqual(heard, [
    ['month', 'change', '2026-05'],
    ['time', 'change', '10:30'],
  ]);

  await page.locator('#columns').click();
  await page.getByLabel('第 1 列').selectOption('fan');
  await page.getByLabel('第 2 列').selectOption('belt');
  await page.locator('#wechat-columns-confirm').click();
  await until(page, ({ heard: all }) => all.at(-1)[0] === 'columns' && String(all.at(-1)[2]) === '1,1');
  assert.deepEqual(await errors(page), []);
});

test('a finger on a canvas is told from its corner, also where it leaves it', async (t) => {
  const page = await host.open(t, FIELD);
  const box = await page.locator('#pad').boundingBox();
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  await page.mouse.move(x + 10, y + 20);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40);
  await page.mouse.move(x + 60, y + 130);
  await page.mouse.up();
  await until(page, ({ touches }) => touches.some(([type]) => type === 'touchend'));
  assert.deepEqual((await data(page)).touches, [
    ['touchstart', 1, 10, 20],
    ['touchmove', 1, 60, 40],
    ['touchmove', 1, 60, 130],
    ['touchend', 0, 60, 130],
  ]);
});

test('a number is called, or not', async (t) => {
  const page = await host.open(t);
  await send(page, 'makePhoneCall', { phoneNumber: '10086' });
  await page.locator('#wechat-call-cancel').click();
  await page.getByText('makePhoneCall:fail cancel').waitFor();
  await send(page, 'makePhoneCall', { phoneNumber: '10086' });
  await page.locator('#wechat-call').click();
  await page.getByText('makePhoneCall:ok').waitFor();
  assert.deepEqual(await page.evaluate(() => window.phone.phoneCalls), ['10086']);
  assert.match((await call(page, 'makePhoneCall', { phoneNumber: 10086 })).failed.errMsg, /should be String/);
});

test('a page asks before it is left, until it no longer wants to', async (t) => {
  const page = await host.open(t);
  await send(page, 'navigateTo', { url: FIELD });
  await page.waitForFunction(() => window.phone.stack().length === 2);
  await call(page, 'enableAlertBeforeUnload', { message: 'Not saved' });
  await page.locator('#wechat-navigation-back').click();
  await page.getByText('Not saved').waitFor();
  await page.locator('#wechat-leaving-stay').click();
  assert.equal((await stack(page)).length, 2);
  await page.locator('#wechat-navigation-back').click();
  await page.locator('#wechat-leaving-leave').click();
  await page.waitForFunction(() => window.phone.stack().length === 1);
});

test('a page hears that memory is short', async (t) => {
  const page = await host.open(t, FIELD);
  await page.evaluate(() => window.phone.warnMemory(15));
  await until(page, ({ memory }) => memory === 15);
});
