// Reports that wait on the phone: for the network, for a login, for a photo that is gone, for an order that was closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { album, button, customer, move, report, token, unit, write } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const reportPage = (made) => `/pages/service/report/index?code=${made.code}`;
const ordersOf = async (made) => (await world.api('GET', `/api/v1/work-orders?equipment_id=${made.id}`)).items;
const nothingWaits = (phone) =>
  phone.frame.waitForFunction(() => globalThis.phone.wx.getStorageSync('report_drafts').every((one) => !one.waiting));

/** As when the person turns to another app and back. */
async function comeBack(phone) {
  await phone.control('hide');
  await phone.control('show');
}

test('a photo that is gone from the phone is said, and holds up no newer report', async () => {
  const [broken, whole] = [await unit(world, 'SN-GONE-1'), await unit(world, 'SN-GONE-2')];
  const phone = await customer(world, 'tidy');
  // Reports are begun with a network, and sent without.
  await phone.restart(reportPage(whole));
  await phone.sees('故障类型');
  await phone.restart(reportPage(broken));
  await write(phone, { text: '有照片的报修。' });
  await album(phone);
  await phone.tap(button(phone, '照片或视频'));
  await button(phone, '删除 第 1 张，照片').waitFor();
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.restart(reportPage(whole));
  await write(phone, { text: '没有照片的报修。' });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.frame.evaluate(async () => {
    const { wx } = globalThis.phone;
    const { path } = wx.getStorageSync('local_media').find(({ kind }) => kind === 'photo');
    await new Promise((success, fail) => wx.getFileSystemManager().unlink({ filePath: path, success, fail }));
  });
  await phone.restart('/pages/service/orders/index');
  await phone.control('setNetwork', true);
  await nothingWaits(phone);
  assert.deepEqual([(await ordersOf(broken)).length, (await ordersOf(whole)).length], [0, 1]);
  await phone.sees('手机上的照片已经不在了。');
  await phone.tap('继续填写');
  await phone.sees('手机上的照片已经不在了。');
  await phone.tap(button(phone, '删除 第 1 张，照片'));
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  assert.equal((await ordersOf(broken)).length, 1);
});

test('where the open order was closed meanwhile, what was written is a report again', async () => {
  const made = await unit(world, 'SN-OVER-1');
  const first = await report(world, made.code, await token(world, 'over-first'));
  const phone = await customer(world, 'over-second');
  await phone.restart(reportPage(made));
  await write(phone, { text: '我这边也开不了机。' });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('这台设备已经报修');
  await move(world, first.id, 'cancel', { reason: '重复' });
  await phone.tap(button(phone, '补充到这份报修'));
  await phone.sees('那份报修已经结束或找不到了，没有补充进去。');
  await phone.sees('故障类型');
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  assert.deepEqual(
    (await ordersOf(made)).map(({ text }) => text).sort(),
    ['我这边也开不了机。', '按开关没有反应。'].sort(),
  );
  await phone.assertClean();
});

test('an addition to an order that was closed meanwhile may be reported anew', async () => {
  const made = await unit(world, 'SN-OVER-2');
  const phone = await customer(world, 'over-owner');
  const order = await report(world, made.code, (await phone.stored('session')).access_token);
  await phone.restart(`/pages/service/order/index?id=${order.id}`);
  await phone.tap(button(phone, '补充说明'));
  await phone.visible(phone.frame.locator('textarea')).fill('今天又坏了。');
  await move(world, order.id, 'cancel', { reason: '重复' });
  await phone.tap(button(phone, '提交补充'));
  await phone.sees('不能再补充。可以改为新的报修。');
  await phone.tap(button(phone, '改为新的报修'));
  await write(phone, { text: '今天又坏了。' });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  assert.equal((await ordersOf(made)).length, 2);
  await phone.assertClean();
});

test('a report of somebody who has logged out waits for the login, and goes with it', async () => {
  const made = await unit(world, 'SN-OUT-1');
  const phone = await customer(world, 'leaver');
  const { person_id } = await phone.stored('session');
  await phone.restart(reportPage(made));
  await write(phone);
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.restart('/pages/tabs/me/index');
  await phone.tap(button(phone, '退出登录'));
  await phone.tap('确定');
  await phone.sees('还没有登录');
  await phone.control('setNetwork', true);
  await phone.restart('/pages/service/orders/index');
  await phone.sees('等待登录');
  await phone.sees(/^登录“.+”后自动提交。$/);
  assert.deepEqual(await ordersOf(made), []);
  await phone.tap(phone.text('启动后有异响。'));
  await phone.sees('已保存，等待登录');
  await phone.tap(button(phone, '微信登录'));
  await phone.at('pages/account/welcome/index');
  await phone.logIn();
  await phone.at('pages/service/report/index');
  await phone.sees('报修已提交');
  const [order, ...more] = await ordersOf(made);
  assert.deepEqual(more, []);
  const { entries } = await world.api('GET', `/api/v1/work-orders/${order.id}`);
  assert.equal(entries[0].by.id, person_id);
  await phone.assertClean();
});

test('the page of a report that waits sees that it was sent; what came too late for the server waits too', async () => {
  const made = await unit(world, 'SN-SEEN-1');
  const phone = await customer(world, 'watcher');
  await phone.tab.clock.install();
  await phone.restart(reportPage(made));
  await write(phone);
  const slow = { status: 408, contentType: 'application/problem+json', body: '{"code":"request_timeout"}' };
  await phone.tab.route('**/api/v1/work-orders', (request) => request.fulfill(slow));
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  // Nobody does anything, and the phone has never said that there is no network.
  await phone.tab.clock.fastForward(31_000);
  await phone.sees('报修已提交');
  assert.equal((await ordersOf(made)).length, 1);
  await phone.assertClean();
});

test('my reports are there while one is being sent, and show when it was', async () => {
  const made = await unit(world, 'SN-LIST-1');
  const phone = await customer(world, 'lister');
  await phone.restart(reportPage(made));
  await write(phone);
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  const [{ draft_id }] = await phone.stored('report_drafts');
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route('**/api/v1/work-orders', async (request) => {
    await held;
    await request.continue();
  });
  const asked = phone.tab.waitForRequest('**/api/v1/work-orders');
  await phone.restart('/pages/service/orders/index');
  await phone.control('setNetwork', true);
  await asked;
  await phone.sees('没有正在处理的报修');
  await phone.sees(/^等待网络/);
  let_go();
  await phone.text(/^等待网络/).waitFor({ state: 'detached' });
  const [{ number }] = await ordersOf(made);
  await phone.sees(number);

  // As a tap on the row just when it was sent.
  await phone.go(`/pages/service/report/index?draft=${draft_id}`);
  await phone.sees('报修已提交');
  await phone.sees(number);
  await phone.restart(`/pages/service/report/index?draft=${draft_id}`);
  await phone.sees('这份报修已经提交或删除');
  await phone.assertClean();
});

test('a report that is sent by itself leaves the list of what waits', async () => {
  const made = await unit(world, 'SN-LIST-2');
  const phone = await customer(world, 'waiter');
  await phone.tab.clock.install();
  await phone.restart(reportPage(made));
  await write(phone);
  const slow = { status: 408, contentType: 'application/problem+json', body: '{"code":"request_timeout"}' };
  await phone.tab.route('**/api/v1/work-orders', (request) => request.fulfill(slow));
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.go('/pages/service/orders/index');
  await phone.frame.waitForFunction(() => globalThis.phone.page().data.sending === false);
  await phone.sees(/^等待网络/);
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.tab.clock.fastForward(31_000);
  await phone.text(/^等待网络/).waitFor({ state: 'detached' });
  const [{ number }] = await ordersOf(made);
  await phone.sees(number);
  await phone.assertClean();
});

test('what is being sent is not taken up again', async () => {
  const made = await unit(world, 'SN-HELD-1');
  const phone = await customer(world, 'hasty');
  await phone.restart(reportPage(made));
  await write(phone);
  await phone.tab.route('**/api/v1/work-orders', (request) => request.abort());
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route('**/api/v1/work-orders', async (request) => {
    await held;
    await request.continue();
  });
  const asked = phone.tab.waitForRequest('**/api/v1/work-orders');
  await comeBack(phone);
  await asked;
  await phone.tap(button(phone, '修改'));
  await phone.sees('正在提交');
  let_go();
  await phone.sees('报修已提交');
  assert.deepEqual(await phone.stored('report_drafts'), []);
  assert.equal((await ordersOf(made)).length, 1);
});

test('faults are called as their own organization calls them now', async () => {
  const made = await unit(world, 'SN-NAMES-1');
  const phone = await customer(world, 'namer');
  await report(world, made.code, (await phone.stored('session')).access_token);
  await phone.restart('/pages/service/orders/index');
  const settings = await world.api('GET', '/api/v1/service-settings');
  const called = (name) => settings.fault_types.map((type) => (type.code === 'no_power' ? { ...type, name } : type));
  await phone.sees(new RegExp(settings.fault_types.find(({ code }) => code === 'no_power').name));
  await world.api('PUT', '/api/v1/service-settings', { ...settings, fault_types: called('不通电') });
  await phone.restart('/pages/service/orders/index');
  await phone.sees(/不通电/);

  // From now on two organizations share the mini program, so this comes last.
  const other = await world.organization('names-elsewhere', '别处服务');
  const theirs = await other.api('GET', '/api/v1/service-settings');
  await other.api('PUT', '/api/v1/service-settings', {
    ...theirs,
    fault_types: theirs.fault_types.map((type) => (type.code === 'no_power' ? { ...type, name: '别处的说法' } : type)),
  });
  const foreign = await unit(world, 'SN-NAMES-2', {}, other.api);
  await report(world, foreign.code, null, { contact: { phone: '13800138009' } });
  await phone.restart(`/pages/service/unit/index?code=${foreign.code}`);
  await phone.sees(/别处的说法/);
  await phone.restart('/pages/service/orders/index');
  await phone.sees(/不通电/);
  assert.equal(await phone.frame.getByText(/别处的说法/).count(), 0);
  await phone.assertClean();
});
