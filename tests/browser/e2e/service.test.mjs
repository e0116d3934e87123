// Customers: scanning a unit, reporting its faults with and without login and network, following, and rating.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { album, button, customer as customerOf, finish, move, person, report, token, unit, write } from './service.mjs';
import { DOMAIN, World } from './world.mjs';

let world;
let engineer;
before(async () => {
  world = await World.start();
  engineer = await person(world, 'engineer', 'engineer');
});
after(() => world?.stop());

const link = (code) => `/pages/service/unit/index?q=${encodeURIComponent(`${DOMAIN}/q/${code}`)}`;
const scene = (code) => `/pages/service/unit/index?scene=${encodeURIComponent(`u=${code}`)}`;
const ordersOf = async (made) => (await world.api('GET', `/api/v1/work-orders?equipment_id=${made.id}`)).items;

const customer = (name) => customerOf(world, name);

test('somebody without login reports from a plain link, and follows by the link and by number and phone', async () => {
  const made = await unit(world, 'SN-GUEST-1');
  const phone = await world.phone('stranger', { page: link(made.code) });
  await phone.sees('HL-2200 螺杆空压机');
  await phone.sees('***');
  await phone.tap(button(phone, '报修'));
  await write(phone);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('请填写正确的手机号。');
  await phone.fill('必填', '13800138000');
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  const [order] = await ordersOf(made);
  await phone.sees(order.number);
  assert.deepEqual(await phone.stored('report_drafts'), []);
  await phone.tap(button(phone, '查看进度'));
  await phone.at('pages/service/follow/index');
  await phone.sees('已提交');
  await phone.go('/pages/service/orders/index');
  await phone.sees('未登录时的报修');
  await phone.sees(order.number);
  const [{ follow }] = await phone.stored('sent_reports');

  const other = await world.phone('colleague', {
    page: `/pages/service/follow/index?q=${encodeURIComponent(follow.url)}`,
  });
  await other.sees('启动后有异响。');
  await other.restart('/pages/service/follow/index');
  await other.fill('例如 261121-7KQ2M', order.number.toLowerCase());
  await other.fill('报修时留的手机号', '13800138000');
  await other.tap(button(other, '查询'));
  await other.sees('请先扫描设备上的二维码');
  await other.restart(scene(made.code));
  await other.tap('查询报修进度');
  await other.fill('例如 261121-7KQ2M', order.number);
  await other.fill('报修时留的手机号', '13900000000');
  await other.tap(button(other, '查询'));
  await other.sees('没有找到。请检查工单号和手机号。');
  await other.sees('登录后提交的报修不能凭手机号查询');
  await other.fill('报修时留的手机号', '13800138000');
  await other.tap(button(other, '查询'));
  await other.sees('启动后有异响。');
  await other.tap(button(other, '取消报修'));
  await other.tap('已经自己解决');
  await other.tap(other.frame.getByRole('dialog').getByRole('button', { name: '取消报修' }));
  await other.sees('这份报修已取消。');
  assert.equal((await ordersOf(made))[0].state, 'canceled');
  for (const one of [phone, other]) await one.assertClean();
});

test('a report with photo and video outlives a restart and a lost network, and is sent once', async () => {
  const made = await unit(world, 'SN-MEDIA-1');
  const phone = await customer('reporter');
  await phone.restart(scene(made.code));
  await phone.tap(button(phone, '报修'));
  await write(phone, { text: '按开关没有反应。' });
  await album(phone);
  await phone.tap(button(phone, '照片或视频'));
  await button(phone, '删除 第 2 个，视频').waitFor();
  await phone.restart(scene(made.code));
  await phone.tap(button(phone, '继续填写报修'));
  await phone.sees('草稿已保存在手机上');
  assert.equal(await phone.visible(phone.frame.locator('textarea')).inputValue(), '按开关没有反应。');
  await button(phone, '删除 第 2 个，视频').waitFor();

  // The network breaks while the video is on its way.
  await phone.tab.route('**/media/*/parts/2*', (request) => request.abort());
  await phone.tab.route('**/media/*/complete*', (request) => request.abort());
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.control('setNetwork', false);
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.restart('/pages/service/orders/index');
  await phone.sees('等待网络');
  await phone.restart('/pages/tabs/home/index');
  await phone.sees('有 1 份报修等待提交');
  assert.deepEqual(await ordersOf(made), []);
  await phone.control('setNetwork', true);
  await phone.sees(/\d{6}-\w{5} 已提交/);
  const [order, ...more] = await ordersOf(made);
  assert.deepEqual(more, []);
  assert.deepEqual(await phone.stored('local_media'), []);
  await phone.go(`/pages/service/order/index?id=${order.id}`);
  await phone.sees('按开关没有反应。');
  const { media } = await world.api('GET', `/api/v1/work-orders/${order.id}`);
  assert.deepEqual(media.map(({ kind }) => kind).sort(), ['photo', 'video']);
  await phone.assertClean();
});

test('an answer that got lost makes no second order', async () => {
  const made = await unit(world, 'SN-LOST-1');
  const phone = await customer('unlucky');
  await phone.restart(`/pages/service/report/index?code=${made.code}`);
  await write(phone);
  let lost = 0;
  await phone.tab.route('**/api/v1/work-orders', async (request) => {
    if ((lost += 1) > 1) return request.continue();
    await request.fetch();
    return request.abort();
  });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.tap(button(phone, '现在提交'));
  await phone.sees('报修已提交');
  assert.equal(lost, 2);
  assert.equal((await ordersOf(made)).length, 1);
});

test('a unit with an open report shows it first; one adds to it, or reports separately', async () => {
  const made = await unit(world, 'SN-OPEN-1');
  const first = await report(world, made.code, await token(world, 'first-reporter'));
  const phone = await customer('second');
  await phone.restart(scene(made.code));
  await phone.sees('正在处理的报修');
  await phone.tap(button(phone, '报修'));
  await write(phone, { text: '我这边也开不了机。' });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('这台设备已经报修');
  await phone.sees(first.number);
  await phone.tap(button(phone, '补充到这份报修'));
  await phone.sees('补充已提交');
  const { entries } = await world.api('GET', `/api/v1/work-orders/${first.id}`);
  assert.equal(entries.at(-1).text, '我这边也开不了机。');

  await phone.restart(`/pages/service/report/index?code=${made.code}`);
  await write(phone, { text: '另一个问题：漏油。' });
  await phone.tap(button(phone, '提交报修'));
  await phone.tap(button(phone, '单独报修'));
  await phone.sees('报修已提交');
  assert.equal((await ordersOf(made)).length, 2);
  await phone.assertClean();
});

test('an order is followed to its end: add, confirm with stars, reopen with a reason', async () => {
  const made = await unit(world, 'SN-LIFE-1');
  const phone = await customer('owner');
  const { access_token } = await phone.stored('session');
  const order = await report(world, made.code, access_token);
  await phone.restart('/pages/tabs/home/index');
  await phone.tap('我的报修');
  await phone.tap(phone.text('按开关没有反应。'));
  await phone.at('pages/service/order/index');
  await phone.sees('我们已收到，会尽快受理。');
  await phone.tap(button(phone, '补充说明'));
  await phone.visible(phone.frame.locator('textarea')).fill('今天又试了一次。');
  await phone.tap(button(phone, '提交补充'));
  await phone.sees('补充已提交');
  await phone.tap(button(phone, '返回'));
  await phone.sees('今天又试了一次。');

  await finish(world, order.id, engineer);
  await phone.control('pullDown');
  await phone.sees('工程师已处理完，请确认是否修好。');
  await phone.tap(button(phone, '没有修好'));
  const sheet = phone.frame.getByRole('dialog');
  await phone.tap(sheet.getByRole('button', { name: '没有修好' }));
  await phone.sees('请选择或填写原因。');
  await phone.tap('问题还在');
  await phone.tap(sheet.getByRole('button', { name: '没有修好' }));
  await phone.sees('已重新打开，正在安排工程师。');
  await phone.sees('原因：问题还在');

  await finish(world, order.id, engineer);
  await phone.control('pullDown');
  await phone.tap(button(phone, '确认并评价'));
  await phone.tap(sheet.getByRole('button', { name: '确认并评价' }));
  await phone.sees('请点星星评价。');
  await phone.tap(sheet.getByRole('radio', { name: '4 星' }));
  await phone.fill('说几句（选填）', '修得很好');
  await phone.tap(sheet.getByRole('button', { name: '确认并评价' }));
  await phone.sees('谢谢您的评价。');
  const rated = await world.api('GET', `/api/v1/work-orders/${order.id}`);
  assert.deepEqual([rated.state, rated.rating, rated.comment], ['confirmed', 4, '修得很好']);
  await phone.assertClean();
});

test('a move at a stale version changes nothing, and shows how the order stands', async () => {
  const made = await unit(world, 'SN-STALE-1');
  const phone = await customer('late');
  const order = await report(world, made.code, (await phone.stored('session')).access_token);
  await phone.restart(`/pages/service/order/index?id=${order.id}`);
  await phone.tap(button(phone, '取消报修'));
  await move(world, order.id, 'accept');
  await phone.tap('不需要了');
  await phone.tap(phone.frame.getByRole('dialog').getByRole('button', { name: '取消报修' }));
  await phone.sees('状态刚刚有了变化，没有提交您的操作。');
  await phone.sees('已受理，正在安排工程师。');
  assert.equal((await world.api('GET', `/api/v1/work-orders/${order.id}`)).state, 'accepted');
  await phone.assertClean();
});

test('whoever logs in later finds what they had reported without', async () => {
  const made = await unit(world, 'SN-LATER-1');
  await world.wechatUser({ name: 'later' });
  const phone = await world.phone('later', { page: scene(made.code) });
  await phone.tap(button(phone, '报修'));
  await write(phone, { number: '13800138001' });
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  await phone.restart('/pages/tabs/home/index');
  await phone.logIn();
  await phone.go('/pages/service/orders/index');
  await phone.sees('未登录时的 1 份报修已归到您名下。');
  const [order] = await ordersOf(made);
  await phone.sees(order.number);
  assert.deepEqual(await phone.stored('sent_reports'), []);
  await phone.assertClean();
});

test('a unit is registered with where it stands, after a refusal with a point on the map', async () => {
  const made = await unit(world, 'SN-MINE-1');
  const phone = await customer('keeper');
  await phone.restart(scene(made.code));
  await phone.tap('登记为我的设备');
  await phone.at('pages/service/register/index');
  await phone.fill('输入序列号', 'SN-WRONG');
  await phone.tap(button(phone, '登记'));
  await phone.sees('没有这个序列号。');
  await phone.fill('输入序列号', 'sn-mine-1');
  await phone.control('permit', 'scope.userLocation', false);
  await phone.tap(button(phone, '用我的位置'));
  await phone.sees('没有获得位置权限。');
  await button(phone, '去设置').waitFor();
  await phone.frame.evaluate(() =>
    globalThis.phone.stub('chooseLocation', () => ({
      name: '空压站',
      address: '张江路 88 号',
      latitude: 31.2304,
      longitude: 121.4737,
    })),
  );
  await phone.tap(button(phone, '在地图上选'));
  await phone.sees('在地图上选定');
  await phone.tap(button(phone, '登记'));
  await phone.sees('登记成功');
  await phone.go('/pages/service/units/index');
  await phone.sees('位置待核实');
  const { items } = await world.api('GET', '/api/v1/equipment-registrations?status=pending');
  const registration = items.find(({ equipment }) => equipment.code === made.code);
  await world.api('POST', `/api/v1/equipment-registrations/${registration.id}/decision`, { decision: 'verify' });
  await phone.control('pullDown');
  await phone.sees('位置已核实');
  const { items: units } = await world.api('GET', '/api/v1/equipment?search=SN-MINE-1');
  assert.deepEqual(units[0].position, { latitude: 31.2304, longitude: 121.4737 });
  await phone.assertClean();
});

test('a unit is scanned from home; what is no unit says so', async () => {
  const made = await unit(world, 'SN-SCAN-1');
  const phone = await customer('scanner');
  await phone.show('https://example.com/menu');
  await phone.tap(button(phone, '扫码报修'));
  await phone.sees('这不是设备的二维码。');
  await phone.show(`${DOMAIN}/q/${made.code}`);
  await phone.tap(button(phone, '扫码报修'));
  await phone.at('pages/service/unit/index');
  await phone.sees('HL-2200 螺杆空压机');
  await phone.assertClean();
});

test('where only customers may report, the unit says so and leads to the ways in', async () => {
  const made = await unit(world, 'SN-CLOSED-1');
  const settings = await world.api('GET', '/api/v1/service-settings');
  await world.api('PUT', '/api/v1/service-settings', { ...settings, report_by: 'customer' });
  const phone = await world.phone('outsider', { page: scene(made.code) });
  await phone.sees(/客户单位|登录后可以报修/);
  assert.equal(await button(phone, '报修').count(), 0);
  await world.api('PUT', '/api/v1/service-settings', settings);
  await phone.control('pullDown');
  await button(phone, '报修').waitFor();
  await phone.assertClean();
});
