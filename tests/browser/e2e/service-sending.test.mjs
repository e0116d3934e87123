// Reports on their way: deleting one, what holds one up, and one that had arrived before it was changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { album, button, customer, move, unit, write } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const ORDERS = '/pages/service/orders/index';
const reportPage = (made) => `/pages/service/report/index?code=${made.code}`;
const ordersOf = async (made) => (await world.api('GET', `/api/v1/work-orders?equipment_id=${made.id}`)).items;
const entriesOf = async ({ id }) => (await world.api('GET', `/api/v1/work-orders/${id}`)).entries;
const submit = (phone) => phone.tap(button(phone, '提交报修'));
const words = (phone) => phone.visible(phone.frame.locator('textarea'));

/** Holds requests to an address; gives what lets them go. */
async function hold(phone, address) {
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route(address, async (request) => {
    await held;
    await request.continue().catch(() => undefined);
  });
  return let_go;
}

/** The server takes the next report, and the phone hears nothing of it. */
async function loseAnswer(phone) {
  await phone.tab.route('**/api/v1/work-orders', async (request) => {
    await request.fetch();
    await request.abort();
  });
  await submit(phone);
  await phone.sees('已保存，等待网络');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
}

test('what is being sent is not deleted, whenever that is asked for', async () => {
  const made = await unit(world, 'SN-DROP-1');
  const phone = await customer(world, 'deleter');
  await phone.restart(reportPage(made));
  await write(phone);
  await phone.control('setNetwork', false);
  await submit(phone);
  await phone.sees('已保存，等待网络');
  await phone.restart(ORDERS);
  await phone.sees(/^等待网络/);
  const let_go = await hold(phone, '**/api/v1/work-orders');
  const asked = phone.tab.waitForRequest('**/api/v1/work-orders');
  await phone.tap(button(phone, '删除'));
  await phone.control('setNetwork', true);
  await asked;
  await phone.tap(phone.find('#wechat-modal-confirm'));
  await phone.sees('正在提交，现在不能删除。');
  assert.equal((await phone.stored('report_drafts')).length, 1);
  await phone.text('正在提交，现在不能删除。').waitFor({ state: 'detached' });
  await phone.tap(button(phone, '删除'));
  await phone.sees('正在提交，现在不能删除。');
  let_go();
  await phone.text(/^等待网络/).waitFor({ state: 'detached' });
  assert.equal((await ordersOf(made)).length, 1);
  await phone.assertClean();
});

test('a report that is gone from the phone is not sent, and does not come back', async () => {
  const made = await unit(world, 'SN-DROP-2');
  const phone = await customer(world, 'forgetter');
  for (const comes of [true, false]) {
    await phone.restart(reportPage(made));
    await write(phone);
    await album(phone);
    await phone.tap(button(phone, '照片或视频'));
    await button(phone, '删除 第 1 张，照片').waitFor();
    let let_go;
    const held = new Promise((resolve) => (let_go = resolve));
    await phone.tab.route('**/api/v1/media?*', async (request) => {
      await held;
      if (comes) await request.continue();
      else await request.abort();
    });
    const asked = phone.tab.waitForRequest('**/api/v1/media?*');
    await submit(phone);
    await asked;
    await phone.frame.evaluate(() => globalThis.phone.wx.setStorageSync('report_drafts', []));
    let_go();
    await phone.sees('这份报修已经提交或删除');
    assert.deepEqual(await phone.stored('report_drafts'), []);
    assert.deepEqual(await ordersOf(made), []);
    await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  }
  await phone.assertClean();
});

test('what waits though there is a network says why, and so does sending it now', async () => {
  const made = await unit(world, 'SN-WHY-1');
  const phone = await customer(world, 'asker');
  await phone.restart(reportPage(made));
  await write(phone);
  const answer = (status, code) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ code }),
  });
  await phone.tab.route('**/api/v1/work-orders', (request) => request.fulfill(answer(429, 'rate_limited')));
  await submit(phone);
  await phone.sees('已保存，稍后再试');
  await phone.sees('操作太频繁，请稍候再试。');
  await phone.go(ORDERS);
  await phone.sees(/^等待提交/);
  await phone.sees('操作太频繁，请稍候再试。');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  const toast = () => phone.frame.locator('#wechat-toast');
  await phone.tab.route('**/api/v1/work-orders', (request) => request.fulfill(answer(503, 'storage_unavailable')));
  await phone.frame.waitForFunction(() => globalThis.phone.page().data.sending === false);
  await phone.tap(button(phone, '现在提交'));
  await toast().getByText('服务暂时不可用，请稍候再试。').waitFor();
  await toast().waitFor({ state: 'detached' });
  await phone.restart(`/pages/service/unit/index?code=${made.code}`);
  await phone.sees('报修已保存，稍后自动提交');
  await phone.tap('报修已保存，稍后自动提交');
  await toast().getByText('服务暂时不可用，请稍候再试。').waitFor();
  await phone.control('setNetwork', false);
  await toast().waitFor({ state: 'detached' });
  await phone.tap('报修已保存，稍后自动提交');
  await toast().getByText('没有网络，请检查网络后再试。').waitFor();
  await phone.sees('报修已保存，有网络时自动提交');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.control('setNetwork', true);
  await phone.text('报修已保存，有网络时自动提交').waitFor({ state: 'detached' });
  assert.equal((await ordersOf(made)).length, 1);
  await phone.assertClean();
});

test('a report that had arrived before it was changed becomes an addition to its order, with what is new', async () => {
  for (const [serial_number, name] of [['SN-ARRIVED-1'], ['SN-ARRIVED-2', 'arrived']]) {
    const made = await unit(world, serial_number);
    const phone = name === undefined ? await world.phone('stranger') : await customer(world, name);
    await phone.restart(reportPage(made));
    await write(phone, name === undefined ? { number: '13800138000' } : {});
    await album(phone);
    await phone.tap(button(phone, '照片或视频'));
    await phone.agreeToPrivacy();
    await button(phone, '删除 第 2 个，视频').waitFor();
    await loseAnswer(phone);
    const [order] = await ordersOf(made);
    await phone.tap(button(phone, '修改'));
    await words(phone).fill('启动后有异响，还冒烟。');
    await phone.tap(button(phone, '添加照片'));
    await phone.frame.waitForFunction(() => globalThis.phone.page().data.tiles.length === 3);
    await submit(phone);
    await phone.sees(`这份报修之前已经提交成功，工单号 ${order.number}`);
    await phone.sees(`补充到 ${order.number}`);
    await phone.tap(button(phone, '提交补充'));
    await phone.sees('补充已提交');
    assert.equal((await ordersOf(made)).length, 1);
    const told = (await entriesOf(order)).map(({ kind, text, media }) => [kind, text ?? '', media?.length ?? 0]);
    assert.deepEqual(told, [
      ['report', '', 0],
      ['addition', '启动后有异响，还冒烟。', 1],
    ]);
    assert.deepEqual([await phone.stored('local_media'), await phone.stored('report_drafts')], [[], []]);
    if (name === undefined) {
      const [{ number, follow }] = await phone.stored('sent_reports');
      assert.equal(number, order.number);
      await phone.go(`/pages/service/follow/index?code=${follow.code}`);
      await phone.sees('启动后有异响，还冒烟。');
    }
    await phone.assertClean();
  }
});

test('where the order that had arrived is over, what was changed is reported anew', async () => {
  const made = await unit(world, 'SN-ARRIVED-3');
  const phone = await customer(world, 'arrived-over');
  await phone.restart(reportPage(made));
  await write(phone);
  await album(phone);
  await phone.tap(button(phone, '照片或视频'));
  await button(phone, '删除 第 2 个，视频').waitFor();
  await loseAnswer(phone);
  const [order] = await ordersOf(made);
  await move(world, order.id, 'cancel', { reason: '重复' });
  await phone.tap(button(phone, '修改'));
  await words(phone).fill('今天又坏了。');
  await submit(phone);
  await phone.sees('现在已经结束');
  await phone.tap(button(phone, '改为新的报修'));
  await submit(phone);
  await phone.sees('报修已提交');
  const [anew] = (await ordersOf(made)).filter(({ id }) => id !== order.id);
  const { text, media } = await world.api('GET', `/api/v1/work-orders/${anew.id}`);
  assert.deepEqual([text, media.map(({ kind }) => kind)], ['今天又坏了。', ['photo', 'video']]);
  assert.deepEqual([await phone.stored('local_media'), await phone.stored('report_drafts')], [[], []]);
  await phone.assertClean();
});
