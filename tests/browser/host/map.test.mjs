import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metersPerPixel, project, unproject } from '../runtime/map/mercator.js';
import { data, errors, until, useHost } from './support.mjs';

const host = useHost();
const MAP = '/pages/map/index';

/** Where the middle of an element is on the map. */
async function middle(page, locator) {
  const [map, box] = await Promise.all([page.locator('.wechat-map').boundingBox(), locator.boundingBox()]);
  return { x: box.x + box.width / 2 - map.x, y: box.y + box.height / 2 - map.y, bottom: box.y + box.height - map.y };
}

test('the projection is the one of web maps', () => {
  assert.deepEqual(project({ latitude: 0, longitude: 0 }, 3), { x: 1024, y: 1024 });
  // Where the tile rows 0, 1 and 2 of scale 2 begin.
  for (const [row, latitude] of [85.05112878, 66.51326044, 0].entries())
    assert.ok(Math.abs(project({ latitude, longitude: 0 }, 2).y - row * 256) < 1e-4);
  assert.ok(Math.abs(metersPerPixel(0, 0) - 156543.03392) < 0.001);
  const back = unproject(project({ latitude: -33.5, longitude: 18.25 }, 11), 11);
  assert.ok(Math.abs(back.latitude + 33.5) < 1e-9 && Math.abs(back.longitude - 18.25) < 1e-9);
});

test('markers stand where they belong and are tapped', async (t) => {
  const page = await host.open(t, MAP);
  const first = page.locator('[data-marker-id="1"]');
  const { x, bottom } = await middle(page, first);
  assert.ok(Math.abs(x - 187.5) < 1 && Math.abs(bottom - 150) < 1, `${x} ${bottom}`);
  const second = await middle(page, page.locator('[data-marker-id="2"]'));
  const moved = project({ latitude: 31.231, longitude: 121.471 }, 16);
  const from = project({ latitude: 31.23, longitude: 121.47 }, 16);
  assert.ok(Math.abs(second.x - 187.5 - (moved.x - from.x)) < 1);
  assert.ok(Math.abs(second.bottom - 150 - (moved.y - from.y)) < 1);

  await first.click();
  await page.getByRole('button', { name: '一号' }).nth(1).click();
  await page.getByRole('button', { name: '标签' }).click();
  await until(page, ({ heard }) => heard.length === 4);
  assert.deepEqual((await data(page)).heard, [
    ['updated', null],
    ['markertap', 1],
    ['callouttap', 1],
    ['labeltap', 2],
  ]);
  assert.equal((await data(page)).tapped, undefined);
  const radius = Number(await page.locator('.wechat-map circle').getAttribute('r'));
  assert.ok(Math.abs(radius - 100 / metersPerPixel(31.23, 16)) < 0.01);
  assert.equal((await data(page)).nowhere, 'getScale:fail the map is not found');
  assert.deepEqual(await errors(page), []);
});

test('a map is tapped, dragged and zoomed, and what lies on it is its own', async (t) => {
  const page = await host.open(t, MAP);
  const map = page.locator('.wechat-map');
  await map.click({ position: { x: 187.5, y: 250 } });
  await until(page, ({ tapped }) => tapped?.latitude < 31.23 && Math.abs(tapped.longitude - 121.47) < 1e-5);
  await page.locator('#over').click();
  await until(page, ({ heard }) => heard.some(([name]) => name === 'over'));

  const { x, y } = await map.boundingBox();
  await page.mouse.move(x + 50, y + 60);
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 60, { steps: 4 });
  await page.mouse.up();
  await until(page, ({ regions }) => regions.length === 2);
  assert.deepEqual((await data(page)).regions, [
    ['begin', 'gesture', 16],
    ['end', 'drag', 16],
  ]);
  assert.ok(Math.abs((await middle(page, page.locator('[data-marker-id="1"]'))).x - 257.5) < 1);
  await page.mouse.wheel(0, -100);
  await until(page, ({ regions }) => regions.length === 4 && regions[3][1] === 'scale' && regions[3][2] === 16.5);
});

test('a page moves the map by attribute and by call', async (t) => {
  const page = await host.open(t, MAP);
  await page.locator('#fit').click();
  await until(page, ({ region }) => region !== undefined);
  const { southwest, northeast } = (await data(page)).region;
  assert.ok(southwest.latitude < 31.2 && southwest.longitude < 121.4);
  assert.ok(northeast.latitude > 31.3 && northeast.longitude > 121.6);
  assert.deepEqual((await data(page)).regions.at(-1).slice(0, 2), ['end', 'update']);

  await page.evaluate(() => window.phone.setPosition({ latitude: 31.1, longitude: 121.3, datum: 'gcj02' }));
  await page.locator('#query').click();
  await page.getByRole('button', { name: '同意' }).click();
  await page.getByRole('button', { name: '允许', exact: true }).click();
  await until(page, ({ center }) => center?.latitude === 31.1 && center.longitude === 121.3);
  const { x, y } = await middle(page, page.getByRole('img', { name: '我的位置' }));
  assert.deepEqual([Math.round(x), Math.round(y)], [188, 150]);
});

test('a refused location leaves the map where it is', async (t) => {
  const page = await host.open(t, MAP);
  await page.evaluate(() => window.phone.permit('scope.userLocation', false));
  await page.locator('#query').click();
  await page.getByRole('button', { name: '同意' }).click();
  await until(page, ({ center, errMsg }) => center?.latitude === 31.23 && errMsg === 'moveToLocation:fail auth deny');
});

test('what a phone would not draw is an error', async (t) => {
  const script = (text) => text.replace('{ id: 1, latitude: 31.23,', "{ id: '1', latitude: '31.23', sise: 3,");
  const page = await host.open(t, MAP, { files: { 'pages/map/index.js': script } });
  const said = (await errors(page)).join('\n');
  assert.match(said, /<map> markers: "id" is "1" and not a number/);
  assert.match(said, /<map> markers: "latitude" is "31.23" and not a number/);
  assert.match(said, /<map> markers: "sise" is not simulated/);
});
