import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReady, until, useHost } from './support.mjs';

const host = useHost();
const MEDIA = '/pages/media/index';

for (const [mode, expected] of [
  ['ok', '5'],
  ['missing', 'missing'],
  ['failing', 'failed'],
  ['hanging', 'waiting'],
]) {
  test(`WebAssembly that is ${mode}`, async (t) => {
    const page = await host.open(t, MEDIA, { wasm: mode });
    await until(page, ({ sum }, value) => sum === value, expected);
  });
}

test('WebAssembly changes its state at the next start', async (t) => {
  const page = await host.open(t, MEDIA);
  await page.evaluate(() => (window.phone.setWasm('missing'), window.phone.restart()));
  await isReady(page);
  await until(page, ({ sum }) => sum === 'missing');
});

test('a sound plays to its end, and a missing one is an error', async (t) => {
  const page = await host.open(t, MEDIA);
  await page.locator('#play').click();
  await until(page, ({ sound }) => sound === 'ended');
  assert.deepEqual(await page.evaluate(() => window.phone.sounds), ['/assets/beep.wav']);
  await page.locator('#play-missing').click();
  await until(page, ({ sound }) => sound === 'error 10003');
});
