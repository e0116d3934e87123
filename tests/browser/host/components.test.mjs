import assert from 'node:assert/strict';
import { test } from 'node:test';
import { data, errors, until, useHost } from './support.mjs';

const host = useHost();
const style = (locator, name) => locator.evaluate((element, property) => getComputedStyle(element)[property], name);

test('a form collects its fields', async (t) => {
  const page = await host.open(t, '/pages/form/index');
  await page.locator('#submit').click({ force: true });
  assert.deepEqual((await data(page)).sent, []);
  assert.equal(await page.locator('#submit').getAttribute('aria-disabled'), 'true');
  await page.getByPlaceholder('your name').fill('Ada');
  await page.getByRole('switch', { name: 'urgent' }).click();
  await page.getByText('Large').click();
  await page.getByText('Extra b').click();
  await page.locator('#unit select').selectOption('1');
  await page.locator('#day input').fill('2026-03-04');
  await until(page, ({ unit, size }) => unit === 1 && size === 'l');
  await page.locator('#submit').click();
  const sent = { name: 'Ada', urgent: true, size: 'l', extras: ['b'], unit: '1', day: '2026-03-04' };
  assert.deepEqual(JSON.parse((await data(page)).sent[0]), sent);
  assert.equal(await page.locator('.sent').textContent(), (await data(page)).sent[0]);
  await page.locator('#reset').click();
  await until(page, ({ name, unit }) => name === '' && unit === 0);
  assert.deepEqual(await errors(page), []);
});

test('a button works by keyboard and looks pressed under a finger', async (t) => {
  const page = await host.open(t, '/pages/form/index');
  await page.locator('#name input').fill('Ada');
  const submit = page.getByRole('button', { name: 'Send' });
  await submit.focus();
  await page.keyboard.press('Enter');
  await until(page, ({ sent }) => sent.length === 1);
  await submit.hover();
  await page.mouse.down();
  assert.equal(await style(submit, 'opacity'), '0.5');
  await page.mouse.up();
});

test('a custom component has events, external classes and its own styles', async (t) => {
  const page = await host.open(t, '/pages/form/index');
  const inner = page.locator('#inner');
  assert.equal((await inner.textContent()).trim(), 'B -2 minus Number');
  assert.equal(await style(inner, 'marginTop'), '7px');
  assert.equal(await style(inner, 'color'), 'rgb(10, 20, 30)');
  assert.equal(await style(inner, 'borderTopWidth'), '0px');
  assert.equal(await style(page.locator('#badge'), 'display'), 'block');
  await inner.click();
  await until(page, ({ count }) => count === -1);
});

test('attributes are in the page, and units are the phone’s', async (t) => {
  const page = await host.open(t, '/pages/form/index');
  const wide = page.getByRole('group', { name: 'wide' });
  assert.equal(await wide.getAttribute('data-some-thing'), '7');
  const { width, height } = await wide.boundingBox();
  assert.equal(width, 187.5);
  assert.equal(height, (760 - 64) / 2);
  await wide.click({ delay: 450 });
  assert.equal((await data(page)).long, 1);
});

test('styles are isolated as components ask for it', async (t) => {
  const page = await host.open(t, '/pages/styles/index');
  assert.equal(await style(page.locator('#own'), 'borderTopWidth'), '3px');
  const shared = page.locator('#shared wx-view');
  assert.equal(await style(shared, 'borderTopWidth'), '3px');
  assert.equal(await style(shared, 'color'), 'rgb(200, 0, 0)');
  const { y, height } = await page.locator('#fixed').boundingBox();
  assert.equal(height, 10);
  assert.equal(y + height, 760);
});

test('modules see the language and not the browser', async (t) => {
  const page = await host.open(t, '/pages/styles/index');
  const hidden = Array(9).fill('undefined').join();
  assert.equal((await data(page)).sandbox, `${hidden},object,object`);
});
