import assert from 'node:assert/strict';
import { test } from 'node:test';
import qrcode from 'qrcode-generator';
import { call, data, errors, isReady, send, until, useHost } from './support.mjs';

const host = useHost();
const CAMERA = '/pages/camera/index';
// The package's own way to bytes keeps only the lowest of each letter.
qrcode.stringToBytes = (text) => [...new TextEncoder().encode(text)];

/** A QR code as a picture. */
function picture(text) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  return code.createDataURL(6, 12);
}

const agree = (page) => page.getByRole('button', { name: '同意' }).click();
const allow = (page) => page.getByRole('button', { name: '允许', exact: true }).click();

test('the camera asks for consent, then for permission, and reads a picture again and again', async (t) => {
  const page = await host.open(t, CAMERA);
  await page.evaluate((image) => window.phone.setCamera({ image }), picture('牌坊 1'));
  await page.locator('#start').click();
  await agree(page);
  await allow(page);
  await until(page, ({ codes, last }) => codes > 2 && last === '牌坊 1');
  await page.evaluate(() => window.phone.setCamera({ text: 'other' }));
  await until(page, ({ last }) => last === 'other');
  await page.evaluate(() => window.phone.restart());
  await isReady(page);
  await page.locator('#start').click();
  await until(page, ({ last }) => last === 'other');
  assert.deepEqual(await errors(page), []);
});

test('a refused permission is an error of the camera', async (t) => {
  const page = await host.open(t, CAMERA);
  await page.evaluate(() => window.phone.permit('scope.camera', false));
  await page.locator('#start').click();
  await agree(page);
  await until(page, ({ error }) => error === 'insertCamera:fail auth deny');
  assert.deepEqual((await call(page, 'getSetting')).ok.authSetting, { 'scope.camera': false });
});

test('one phone reads the screen of another', async (t) => {
  const page = await host.outer(t);
  const [attendee, staff] = [0, 1].map((index) => page.locator('section').nth(index));
  const open = async (stand, path) => {
    await stand.getByLabel('页面 Page').fill(path);
    await stand.getByRole('button', { name: '打开 Open' }).click();
  };
  await open(attendee, '/pages/code/index');
  await open(staff, CAMERA);
  await staff.getByLabel('相机 Camera').selectOption('phone:a');
  const screen = staff.frameLocator('iframe');
  await screen.locator('#start').click();
  await screen.getByRole('button', { name: '同意' }).click();
  await screen.getByRole('button', { name: '允许', exact: true }).click();
  await screen.locator('#last').filter({ hasText: 'PAIFANG 1' }).waitFor();
});

test('only a button that was tapped gives consent', async (t) => {
  const page = await host.open(t, `${CAMERA}?privacy=own`);
  await page.evaluate(() => window.phone.permit('scope.camera', true));
  await page.locator('#start').click();
  await until(page, ({ state }) => state === 'camera');
  await page.locator('#pretend').click();
  await until(page, ({ error }) => error === 'insertCamera:fail privacy permission is not authorized');
  assert.equal((await call(page, 'getPrivacySetting')).ok.needAuthorization, true);

  await send(page, 'requirePrivacyAuthorize');
  await until(page, ({ state }) => state === 'requirePrivacyAuthorize');
  await page.locator('#agree').click();
  await page.getByText('requirePrivacyAuthorize:ok').waitFor();
  assert.equal((await call(page, 'getPrivacySetting')).ok.needAuthorization, false);
});

test('a refused guide keeps the clipboard closed', async (t) => {
  const page = await host.open(t);
  await send(page, 'getClipboardData');
  await page.getByRole('button', { name: '拒绝' }).click();
  await page.getByText('"errno":104').waitFor();
});

test('a phone number needs consent and a yes', async (t) => {
  const page = await host.open(t, CAMERA);
  await page.locator('#phone').click();
  await agree(page);
  await page.getByRole('button', { name: '不允许' }).click();
  await until(page, ({ number }) => number?.errMsg === 'getPhoneNumber:fail user deny');
  await page.locator('#phone').click();
  await allow(page);
  await until(page, ({ number }) => number?.errMsg === 'getPhoneNumber:ok');
  const older = { errMsg: 'getPhoneNumber:ok', encryptedData: 'secret', iv: 'vector' };
  assert.deepEqual((await data(page)).number, { ...older, code: 'number of attendee' });

  await page.evaluate(() => window.phone.setPhoneNumber('no code'));
  await page.locator('#phone').click();
  await allow(page);
  await until(page, ({ number }) => number?.code === undefined);
  assert.deepEqual((await data(page)).number, older);
  await page.evaluate(() => window.phone.setPhoneNumber('no quota'));
  await page.locator('#phone').click();
  await allow(page);
  await until(page, ({ number }) => number?.errno === 1400001);
});

test('who has no phone number gives none', async (t) => {
  const page = await host.open(t, CAMERA, { user: 'numberless' });
  await page.locator('#phone').click();
  await agree(page);
  await allow(page);
  await until(page, ({ number }) => number?.errMsg === 'getPhoneNumber:fail no number');
});

test('scanning takes what the camera sees, or is left', async (t) => {
  const page = await host.open(t);
  await send(page, 'scanCode', { onlyFromCamera: true });
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByText('scanCode:fail cancel').waitFor();
  await page.evaluate((image) => window.phone.setCamera({ image }), picture('X1'));
  const { result, scanType } = (await call(page, 'scanCode')).ok;
  assert.deepEqual({ result, scanType }, { result: 'X1', scanType: 'QR_CODE' });
});
