// Engineers and dispatchers: taking, visiting, signing, with and without network; days and their approval; assigning.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  allSent,
  assigned,
  button,
  checkIn,
  FAR,
  NEAR,
  orderFor,
  orderPage,
  phoneWith,
  photograph,
  showScene,
  sign,
  stand,
  visitsOf,
} from './field.mjs';
import { move, person } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const settings = (change) => async () => {
  const known = await world.api('GET', '/api/v1/service-settings');
  await world.api('PUT', '/api/v1/service-settings', { ...known, ...change });
};

async function checkOut(phone, text = '更换电源板，测试正常。') {
  await phone.visible(phone.frame.locator('textarea')).fill(text);
  await phone.tap(button(phone, '签退并提交'));
  await phone.at('pages/field/order/index');
}

test('an engineer takes the nearest order, and does it with photo, parts, labor and signature', async () => {
  const { order, unit, now } = await orderFor(world, 'F-TAKE-1');
  const phone = await phoneWith(world, 'taker', 'engineer');
  await showScene(phone);
  await phone.restart('/pages/tabs/home/index');
  await phone.tap(button(phone, '附近工单'));
  await phone.at('pages/field/nearby/index');
  await phone.sees(order.number);
  await phone.sees(/误差约 \d+ 米/);
  await phone.tap(button(phone, '接单'));
  await phone.tap(phone.frame.getByRole('dialog').getByText('接单', { exact: true }).last());
  await phone.at('pages/field/order/index');
  await phone.sees('13800138000');
  await phone.tap(button(phone, '出发'));
  await phone.sees('正在路上');
  await checkIn(phone);

  await phone.tap(button(phone, '添加配件'));
  for (const [label, value] of Object.entries({ 名称: '电源板', 数量: '1,5', 单位: '块' }))
    await phone.fill(label, value);
  await phone.tap(button(phone, '添加工时'));
  await phone.fill('工作', '检修');
  await phone.fill('分钟', '45');
  await phone.tap(button(phone, '请客户签名'));
  await phone.at('pages/field/signature/index');
  await phone.tap(button(phone, '完成'));
  await phone.sees('请先签名。');
  await sign(phone);
  await phone.fill('姓名', '李经理');
  await phone.tap(button(phone, '完成'));
  await phone.at('pages/field/visit/index');
  await phone.sees('重新签名');
  await checkOut(phone);

  const [visit] = await visitsOf(world, order.id);
  assert.equal((await now()).state, 'done');
  assert.equal(visit.check_in.outcome, 'inside');
  assert.deepEqual(visit.parts, [{ name: '电源板', quantity: '1.5', unit: '块' }]);
  assert.deepEqual(visit.labor, [{ kind: '检修', minutes: 45 }]);
  assert.equal(visit.signer_name, '李经理');
  assert.equal(visit.signature.kind, 'signature');
  assert.equal(visit.work_order_id, order.id);
  assert.ok(unit.id);
  assert.deepEqual(await phone.stored('field_acts'), []);
  assert.deepEqual(await phone.stored('local_media'), [], 'nothing stays on the phone');
  await phone.assertClean();
});

test('without network from setting out to the end: everything waits, outlives a restart, and arrives in order', async () => {
  const { order, now } = await orderFor(world, 'F-OFFLINE-1');
  const phone = await phoneWith(world, 'offliner', 'engineer');
  await assigned(world, phone, order);
  await phone.restart('/pages/field/nearby/index?tab=mine');
  await phone.sees(order.number);
  await phone.control('setNetwork', false);
  await phone.restart(orderPage(order.id));
  await phone.tap(button(phone, '出发'));
  await phone.sees('正在路上');
  await phone.sees('含还没有发送的操作');
  await phone.sees('1 项等待发送');
  await checkIn(phone);
  await phone.sees('签到还没有发送，联网后自动补传。');
  // WeChat is closed while somebody writes.
  await phone.visible(phone.frame.locator('textarea')).fill('更换保险丝。');
  await phone.restart(`/pages/field/visit/index?id=${order.id}`);
  await phone.sees('做了什么');
  assert.equal(await phone.visible(phone.frame.locator('textarea')).inputValue(), '更换保险丝。');
  await checkOut(phone, '更换保险丝。');
  await phone.sees('已完成');
  await phone.restart('/pages/field/waiting/index');
  for (const what of ['出发', '签到', '签退']) await phone.sees(new RegExp(`^${what} · `));
  await phone.sees('没有网络，请检查网络后再试。');
  const before = Date.now();
  assert.equal((await now()).state, 'assigned');

  await phone.control('setNetwork', true);
  await phone.sees('没有等待发送的内容');
  const done = await now();
  const [visit] = await visitsOf(world, order.id);
  assert.equal(done.state, 'done');
  assert.equal(visit.check_in.offline, true);
  assert.equal(visit.check_in.outcome, 'inside', 'the position was measured without network');
  assert.ok(Date.parse(visit.check_in.at) <= before, 'with its own time');
  assert.ok(Date.parse(visit.check_in.at) < Date.parse(visit.check_out.at));
  assert.deepEqual(
    done.entries.filter(({ kind }) => kind === 'move').map(({ move: made }) => made),
    ['assign', 'set_out', 'arrive', 'finish'],
  );
  await phone.assertClean();
});

test('two engineers take one order: one has it, the other one is told', async () => {
  const { order, now } = await orderFor(world, 'F-RACE-1');
  const [one, other] = [await phoneWith(world, 'first', 'engineer'), await phoneWith(world, 'second', 'engineer')];
  await Promise.all([one, other].map((phone) => phone.restart(orderPage(order.id))));
  await one.tap(button(one, '接单'));
  await one.sees('已派工');
  await allSent(one);
  await other.tap(button(other, '接单'));
  await other.sees('已经被别人接走了。');
  await other.tap('知道了');
  assert.equal((await now()).engineer.id, one.person.id);
  assert.deepEqual(await other.stored('field_acts'), [], 'what was told waits no more');
});

test('an order that changed meanwhile: the move is shown with its reason, and is not lost', async () => {
  const { order, now } = await orderFor(world, 'F-STALE-1');
  const phone = await phoneWith(world, 'staler', 'engineer');
  await assigned(world, phone, order);
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '出发'));
  await phone.sees('1 项等待发送');
  await move(world, order.id, 'pause', { reason: '客户改期' });
  await move(world, order.id, 'resume');
  await phone.control('setNetwork', true);
  await phone.sees('1 项没有被接受，请处理');
  assert.equal((await now()).state, 'assigned', 'nothing is made on an order that was not seen');
  await phone.tap('1 项没有被接受，请处理');
  await phone.at('pages/field/waiting/index');
  await phone.tap(button(phone, '按现在的工单再发'));
  await phone.sees('工单现在：已派工');
  await phone.tap('确定');
  await phone.sees('没有等待发送的内容');
  assert.equal((await now()).state, 'on_the_way');
  await phone.assertClean();
});

test('a visit to an order that was given to somebody else is recorded, and its engineer is told', async () => {
  const { order, now } = await orderFor(world, 'F-GONE-1');
  const phone = await phoneWith(world, 'displaced', 'engineer');
  const other = await person(world, 'successor', 'engineer');
  await assigned(world, phone, order);
  await phone.control('setNetwork', false);
  await checkIn(phone);
  await move(world, order.id, 'assign', { engineer_id: other.id });
  await phone.control('setNetwork', true);
  await phone.sees('1 条提示，请看一看');
  const [visit] = await visitsOf(world, order.id);
  assert.equal(visit.engineer.id, phone.person.id);
  assert.equal((await now()).state, 'assigned');
  await phone.restart('/pages/field/waiting/index');
  await phone.sees('上门已经记录，但工单当时已经变了。');
  await phone.tap(button(phone, '知道了'));
  await phone.sees('没有等待发送的内容');
});

test('outside the geofence: the phone says so before anything is sent, and where it blocks a reason lets through', async () => {
  await settings({ geofence_blocks: true })();
  const { order } = await orderFor(world, 'F-FENCE-1');
  const phone = await phoneWith(world, 'outsider', 'engineer');
  await stand(phone, FAR);
  await assigned(world, phone, order);
  await phone.tap(button(phone, '开始上门'));
  await phone.sees('不在现场');
  await phone.sees(/距现场约 8\.\d 公里|距现场约 9\.\d 公里/);
  await phone.tap(button(phone, '签到'));
  await phone.sees('请说明原因。');
  assert.deepEqual(await visitsOf(world, order.id), []);
  await phone.visible(phone.frame.locator('textarea')).fill('设备已搬到仓库');
  await phone.tap(button(phone, '签到'));
  await phone.sees('做了什么');
  const [{ check_in }] = await visitsOf(world, order.id);
  assert.deepEqual([check_in.outcome, check_in.reason], ['outside', '设备已搬到仓库']);
  await settings({ geofence_blocks: false })();
});

test('a live photo comes from the camera, and a check-in without it is not made where one is wanted', async () => {
  await settings({ check_in_photo: true })();
  const { order } = await orderFor(world, 'F-PHOTO-1');
  const phone = await phoneWith(world, 'photographer', 'engineer');
  await showScene(phone);
  await assigned(world, phone, order);
  await phone.tap(button(phone, '开始上门'));
  await phone.sees('现场照片（必须）');
  await phone.tap(button(phone, '签到'));
  await phone.sees('请拍一张现场照片。');
  await photograph(phone, '拍照');
  const asked = (await phone.get('calls')).filter(({ name }) => name === 'chooseMedia').at(-1);
  assert.deepEqual(asked.arg.sourceType, ['camera']);
  await phone.tap(button(phone, '签到'));
  await phone.sees('做了什么');
  const [{ check_in }] = await visitsOf(world, order.id);
  assert.equal(check_in.photo.kind, 'photo');
  await settings({ check_in_photo: false })();
});

test('who refuses the position picks a point, and works with it', async () => {
  const { order } = await orderFor(world, 'F-PICK-1');
  const phone = await phoneWith(world, 'refuser', 'engineer');
  await phone.control('permit', 'scope.userLocation', false);
  await phone.restart('/pages/field/nearby/index');
  await phone.sees('先确定位置，再按距离列出工单');
  await phone.tap(button(phone, '用我的位置'));
  await phone.sees(/没有获得位置权限/);
  await phone.frame.evaluate(({ latitude, longitude }) => {
    const place = { name: '张江', address: '张江路', latitude, longitude, errMsg: 'chooseLocation:ok' };
    globalThis.phone.stub('chooseLocation', () => place);
  }, NEAR);
  await phone.tap(button(phone, '在地图上选'));
  await phone.sees('手选位置：张江');
  await phone.sees(order.number);
});

test('a day from start to end: the phone and the server show the same kilometers, and a supervisor approves them', async () => {
  const { order } = await orderFor(world, 'F-DAY-1');
  const phone = await phoneWith(world, 'driver', 'engineer');
  await stand(phone, FAR);
  await phone.restart('/pages/field/day/index');
  await phone.sees('还没有开始这一天');
  await phone.tap(button(phone, '开始今天'));
  await phone.sees(/误差约 \d+ 米/);
  await phone.tap(button(phone, '保存'));
  await phone.sees(/出发$/);
  await stand(phone, NEAR);
  await phone.control('waitForLocation');
  await assigned(world, phone, order);
  await checkIn(phone);
  await phone.restart('/pages/field/day/index');
  await phone.sees(/ 上门$/);
  await phone.control('waitForLocation');
  await stand(phone, FAR);
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '结束今天'));
  await phone.sees(/误差约 \d+ 米/);
  await phone.tap(button(phone, '保存'));
  await phone.sees('有内容还没有发送，数字会随之变化。');
  const shown = await phone.text(/^合计 /).innerText();
  // The answer takes its time; until then nothing less is shown, and nothing is submitted.
  await phone.tab.route('**/mileage-days/me/*', async (request) => {
    await phone.tab.waitForTimeout(1_000);
    await request.continue();
  });
  await phone.control('setNetwork', true);
  await phone.sees('提交这一天');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  const day = (await phone.data()).date;
  const known = () => phone.person.api('GET', `/api/v1/mileage-days/me/${day}`);
  const { total_meters, legs } = await known();
  assert.equal(shown, `合计 ${(total_meters / 1000).toFixed(2)} 公里`, 'computed on the phone before it was sent');
  assert.equal(await phone.text(/^合计 /).innerText(), shown);
  assert.equal(legs.length, 2);
  assert.ok(total_meters > 20_000, 'a round trip is not zero');

  await phone.tap(button(phone, '修改'));
  await phone.visible(phone.frame.locator('.sheet input')).fill('12.5');
  await phone.tap(button(phone, '保存').last());
  await phone.sees('请填好数字和原因。');
  await phone.visible(phone.frame.locator('.sheet textarea')).fill('绕路取配件');
  await phone.tap(button(phone, '保存').last());
  await phone.sees('手填：绕路取配件');
  await phone.tap(button(phone, '提交这一天'));
  await phone.sees('待审批');

  const supervisor = await phoneWith(world, 'approver', 'supervisor');
  await supervisor.restart('/pages/dispatch/approvals/index');
  await supervisor.tap(supervisor.frame.getByRole('button', { expanded: false }).filter({ hasText: day }).first());
  await supervisor.sees('手填：绕路取配件');
  await supervisor.tap(button(supervisor, '批准'));
  await supervisor.tap(supervisor.frame.getByRole('dialog').getByText('批准', { exact: true }).last());
  await supervisor.sees('没有等待审批的里程');
  assert.equal((await known()).status, 'approved');
  await phone.restart('/pages/field/mileage/index');
  await phone.sees(/已批准/);
  await phone.sees(/2 段路/);
});

test('a dispatcher assigns by load and distance, and sees what somebody else has just changed', async () => {
  const { order, now } = await orderFor(world, 'F-ASSIGN-1');
  const engineer = await person(world, 'assignee', 'engineer');
  const phone = await phoneWith(world, 'dispatcher', 'dispatcher');
  await phone.restart('/pages/dispatch/orders/index');
  await phone.tap(phone.text(new RegExp(order.number)));
  await phone.at('pages/dispatch/order/index');
  await phone.sees('没有派工');
  await move(world, order.id, 'accept');
  await phone.tap(button(phone, '派工'));
  await phone.tap(phone.frame.locator(`[role=radio][data-id="${engineer.id}"]`));
  await phone.sees(/别人刚改过这个工单，现在是“已受理”/);
  await phone.tap('知道了');
  await phone.sees('已受理');
  await phone.tap(button(phone, '派工'));
  await phone.tap(phone.frame.locator(`[role=radio][data-id="${engineer.id}"]`));
  await phone.sees('已派工');
  assert.equal((await now()).engineer.id, engineer.id);
  await phone.assertClean();
});

test('a dispatcher verifies the position of a unit', async () => {
  const customer = await person(world, 'owner', 'member');
  const unit = await world.api('POST', '/api/v1/equipment', {
    serial_number: 'F-REG-1',
    model: 'HL-2200',
    site: '仓库',
  });
  await customer.api('POST', '/api/v1/me/equipment', {
    serial_number: 'F-REG-1',
    position: NEAR,
    address: '张江路 99 号',
  });
  const phone = await phoneWith(world, 'verifier', 'dispatcher');
  await phone.restart('/pages/dispatch/registrations/index');
  await phone.sees('设备还没有位置');
  await phone.tap(button(phone, '核实'));
  await phone.tap(phone.frame.getByRole('dialog').getByText('核实', { exact: true }).last());
  await phone.sees('没有等待审核的登记');
  const { items } = await world.api('GET', '/api/v1/equipment?search=F-REG-1');
  assert.equal(items[0].id, unit.id);
  assert.deepEqual(items[0].position, NEAR);
});

test('what waits goes to no other organization', async () => {
  const { order, now } = await orderFor(world, 'F-CROSS-1');
  const phone = await phoneWith(world, 'wanderer', 'engineer');
  await assigned(world, phone, order);
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '出发'));
  await phone.sees('1 项等待发送');
  await phone.restart('/pages/tabs/me/index');
  await phone.control('setNetwork', true);
  await allSent(phone);
  assert.equal((await now()).state, 'on_the_way', 'at home it is sent by itself');

  // From now on two organizations share the mini program, so this comes last.
  const elsewhere = await world.organization('field-elsewhere', '别处服务');
  await phone.restart(orderPage(order.id));
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '更多'));
  await phone.tap('退回工单');
  await phone.visible(phone.frame.locator('textarea')).fill('配件不对');
  await phone.tap(button(phone, '确定'));
  await phone.sees('1 项等待发送');
  // The server is out of reach for the organization that is left, and there again for the other one.
  await phone.tab.route('**/moves', (request) => request.abort());
  await phone.control('setNetwork', true);
  await phone.restart(`/pages/account/switch/index?to=${encodeURIComponent(elsewhere.scene)}`);
  await phone.sees(/1 项上门和工单操作等待发送/);
  await phone.tap(button(phone, '切换'));
  await phone.at('pages/tabs/home/index');
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.restart('/pages/field/waiting/index');
  await phone.sees(/另有 1 项属于其他机构或其他人/);
  assert.equal((await now()).state, 'on_the_way');
  const [{ organization_id }] = await phone.stored('field_acts');
  assert.notEqual(organization_id, (await phone.stored('session')).organization.id);
});
