import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, isReady, send, useHost } from './support.mjs';

const host = useHost();
/** A published pair: 故宫 (天安门) as satellites give it, and as maps show it. */
const WGS84 = { latitude: 39.90734, longitude: 116.39108 };
const GCJ02 = { latitude: 39.90874, longitude: 116.39732 };

const near = (actual, expected, within = 0.0001) => {
  for (const axis of ['latitude', 'longitude'])
    assert.ok(Math.abs(actual[axis] - expected[axis]) < within, `${axis}: ${actual[axis]} is not ${expected[axis]}`);
};

/** A phone whose person has agreed to everything. */
async function allowed(t, options) {
  const page = await host.open(t, '', options);
  await send(page, 'requirePrivacyAuthorize');
  await page.getByRole('button', { name: '同意' }).click();
  await page.getByText('requirePrivacyAuthorize:ok').waitFor();
  await page.evaluate(() => window.phone.permit('scope.userLocation', true));
  return page;
}

const failure = async (page, name, options = {}) => (await call(page, name, options)).failed.errMsg;

test('a position needs consent, then permission with the purpose, and is in either datum', async (t) => {
  const page = await host.open(t);
  await page.evaluate((place) => window.phone.setPosition({ ...place, accuracy: 12, altitude: 50 }), WGS84);
  await send(page, 'getLocation', { type: 'gcj02', altitude: true });
  await page.getByRole('button', { name: '同意' }).click();
  const sheet = page.getByRole('dialog', { name: '获取你的位置信息' });
  assert.match(await sheet.textContent(), /用于查找附近的工单/);
  await sheet.getByRole('button', { name: '允许', exact: true }).click();
  await page.getByText('getLocation:ok').waitFor();
  const { ok } = JSON.parse(await page.locator('[class*=--result]').textContent());
  near(ok, GCJ02);
  assert.deepEqual([ok.accuracy, ok.horizontalAccuracy, ok.altitude, ok.speed], [12, 12, 50, -1]);
  await page.evaluate(() => window.phone.waitForLocation());
  near((await call(page, 'getLocation', {})).ok, WGS84, 1e-9);
  assert.deepEqual((await call(page, 'getSetting')).ok.authSetting, { 'scope.userLocation': true });
});

test('what is given in GCJ-02 comes back, and is turned into WGS-84', async (t) => {
  const page = await allowed(t);
  await page.evaluate((place) => window.phone.setPosition({ ...place, datum: 'gcj02' }), GCJ02);
  near((await call(page, 'getLocation', { type: 'gcj02' })).ok, GCJ02, 1e-9);
  await page.evaluate(() => window.phone.waitForLocation());
  near((await call(page, 'getLocation', { type: 'wgs84' })).ok, WGS84);
  await page.evaluate(() => window.phone.setPosition({ latitude: 48.8584, longitude: 2.2945 }));
  await page.evaluate(() => window.phone.waitForLocation());
  near((await call(page, 'getLocation', { type: 'gcj02' })).ok, { latitude: 48.8584, longitude: 2.2945 }, 1e-9);
});

test('a position is not given too often, nor to an app in the background', async (t) => {
  const page = await allowed(t);
  assert.ok((await call(page, 'getLocation')).ok);
  assert.match(await failure(page, 'getLocation'), /^getLocation:fail 频繁调用/);
  await page.evaluate(() => (window.phone.waitForLocation(), window.phone.hide()));
  assert.match(await failure(page, 'getLocation'), /^getLocation:fail interrupted/);
  await page.evaluate(() => window.phone.show());
  assert.ok((await call(page, 'getLocation')).ok);
});

test('without signal or with location switched off there is none, also after a restart', async (t) => {
  const page = await allowed(t);
  await page.evaluate(() => (window.phone.setPosition('no signal'), window.phone.restart()));
  await isReady(page);
  assert.equal(await failure(page, 'getLocation'), 'getLocation:fail timeout');
  await page.evaluate(() => window.phone.setPosition(null));
  assert.equal((await call(page, 'getLocation')).failed.errCode, 2);
  assert.equal((await call(page, 'getSystemSetting')).ok.locationEnabled, false);
  await assert.rejects(page.evaluate(() => window.phone.setPosition({ latitude: 91, longitude: 0 })));
});

test('who has refused is asked again only in the settings', async (t) => {
  const page = await allowed(t);
  await page.evaluate(() => window.phone.permit('scope.userLocation', false));
  const refused = { errMsg: 'getLocation:fail auth deny', errno: 103 };
  assert.deepEqual((await call(page, 'getLocation')).failed, refused);
  assert.equal(await failure(page, 'authorize', { scope: 'scope.userLocation' }), 'authorize:fail auth deny');
  await send(page, 'openSetting');
  await page.getByLabel('获取你的位置信息').click();
  await page.getByRole('button', { name: '返回' }).click();
  await page.getByText('openSetting:ok').waitFor();
  assert.ok((await call(page, 'getLocation')).ok);
});

test('what app.json does not declare fails, whoever has agreed', async (t) => {
  const undeclared = { 'app.json': (text) => text.replace('"getLocation", "chooseLocation"', '') };
  const page = await allowed(t, { files: undeclared });
  const why = 'fail the api need to be declared in the requiredPrivateInfos field in app.json/ext.json';
  assert.equal(await failure(page, 'getLocation'), `getLocation:${why}`);
  assert.equal(await failure(page, 'chooseLocation'), `chooseLocation:${why}`);

  const silent = { 'app.json': (text) => text.replace(/"permission".*\n/, '') };
  const other = await allowed(t, { files: silent });
  assert.equal(await failure(other, 'getLocation'), 'getLocation:fail require permission desc');
  assert.equal(
    await failure(other, 'authorize', { scope: 'scope.userLocation' }),
    'authorize:fail require permission desc',
  );
});

test('a place is chosen by search, by a tap on the map, or not', async (t) => {
  const page = await allowed(t);
  await page.evaluate(() => window.phone.permit('scope.userLocation', false));
  const depot = { name: '东仓库', address: '浦东大道 1 号', latitude: 31.24, longitude: 121.52 };
  await page.evaluate((place) => window.phone.setPlaces([place]), depot);
  await send(page, 'chooseLocation', { latitude: 31.23, longitude: 121.47 });
  await page.getByLabel('搜索地点').fill('仓库');
  await page.getByRole('listitem').click();
  await page.locator('#wechat-location-confirm').click();
  await page.getByText('chooseLocation:ok').waitFor();
  const read = async () => JSON.parse(await page.locator('[class*=--result]').textContent()).ok;
  assert.deepEqual(await read(), { ...depot, errMsg: 'chooseLocation:ok' });

  await send(page, 'chooseLocation', { latitude: 31.23, longitude: 121.47 });
  const { width, height } = await page.locator('.wechat-map').boundingBox();
  await page.locator('.wechat-map').click({ position: { x: width / 2 + 100, y: height / 2 } });
  await page.locator('#wechat-location-confirm').click();
  await page.getByText('chooseLocation:ok').waitFor();
  const tapped = await read();
  // 100 pixels at scale 16 are 100 · 360 / (256 · 2¹⁶) degrees.
  near(tapped, { latitude: 31.23, longitude: 121.47 + 36000 / (256 * 65536) }, 1e-5);
  assert.match(tapped.address, /31\.23000, 121\.47215/);
  assert.equal(tapped.name, '');

  await send(page, 'chooseLocation');
  await page.locator('#wechat-location-cancel').click();
  await page.getByText('chooseLocation:fail cancel').waitFor();
});

test('a place is shown', async (t) => {
  const page = await host.open(t);
  assert.match(
    await failure(page, 'openLocation', { latitude: '31', longitude: 121 }),
    /parameter.latitude should be Number instead of String/,
  );
  await call(page, 'openLocation', { latitude: 31.2, longitude: 121.4, name: '东仓库', address: '浦东' });
  assert.equal(await page.locator('#wechat-location-shown').textContent(), '东仓库 · 浦东');
  await page.getByRole('button', { name: '返回' }).click();
  assert.equal(await page.locator('.wechat-location').count(), 0);
});

test('the position is set in the panel', async (t) => {
  const page = await host.outer(t);
  const stand = page.locator('section').first();
  await stand.getByLabel('经纬度 Lat, lng').first().fill('30.5, 114.3');
  await stand.getByLabel('经纬度 Lat, lng').first().press('Enter');
  const read = () =>
    page
      .frames()
      .find((frame) => frame.url().includes('phone=a'))
      .evaluate(() => window.phone.state().position);
  assert.deepEqual(await read(), { latitude: 30.5, longitude: 114.3, accuracy: 20, datum: 'gcj02' });
  await stand.getByLabel('位置 Position').selectOption('off');
  assert.equal(await read(), null);
});
