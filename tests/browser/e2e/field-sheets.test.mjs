// What is written for a move or a decision outlives its failure; who may make which move on which page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allSent, assigned, button, FAR, NEAR, orderFor, orderPage, phoneWith } from './field.mjs';
import { move, person } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const OFFLINE = '没有网络，请检查网络后再试。';
const words = (phone) => phone.visible(phone.frame.locator('textarea'));
const confirm = (phone) => phone.tap(button(phone, '确定'));

/** Opens the sheet of a move among the others. */
async function openSheet(phone, name) {
  await phone.tap(button(phone, '更多'));
  await phone.tap(phone.text(name));
  await words(phone).waitFor();
}

test('a reason of an engineer stays when the order has changed, and goes with the next try', async () => {
  const { order, now } = await orderFor(world, 'S-PAUSE-1');
  const phone = await phoneWith(world, 'pauser', 'engineer');
  await assigned(world, phone, order);
  await openSheet(phone, '暂停');
  await words(phone).fill('等配件到货');
  await move(world, order.id, 'pause', { reason: '客户改期' });
  await move(world, order.id, 'resume');
  await confirm(phone);
  await phone.frame
    .getByRole('alert')
    .getByText(/已经变了|刚刚|改过/)
    .waitFor();
  assert.equal(await words(phone).inputValue(), '等配件到货');
  assert.deepEqual(await phone.stored('field_acts'), [], 'what was told waits no more');
  await phone.frame.waitForFunction(() => globalThis.phone.page().data.order.version >= 4);
  await confirm(phone);
  await phone.sees('已暂停');
  await words(phone).waitFor({ state: 'detached' });
  const { entries } = await now();
  assert.ok(entries.some(({ reason }) => reason === '等配件到货'));
  await phone.assertClean();
});

test('without network the words of an engineer are kept, and the sheet closes', async () => {
  const { order, now } = await orderFor(world, 'S-PAUSE-2');
  const phone = await phoneWith(world, 'keeper', 'engineer');
  await assigned(world, phone, order);
  await phone.control('setNetwork', false);
  await openSheet(phone, '暂停');
  await words(phone).fill('客户不在');
  await confirm(phone);
  await words(phone).waitFor({ state: 'detached' });
  await phone.sees('1 项等待发送');
  await phone.control('setNetwork', true);
  await allSent(phone);
  assert.equal((await now()).state, 'paused');
});

test('a dispatcher writes a reason once, with and without network', async () => {
  const { order, now } = await orderFor(world, 'S-CANCEL-1');
  const phone = await phoneWith(world, 'canceler', 'dispatcher');
  await phone.restart(`/pages/dispatch/order/index?id=${order.id}`);
  await phone.sees('没有派工');
  await openSheet(phone, '取消工单');
  await words(phone).fill('客户撤回');
  await phone.control('setNetwork', false);
  await confirm(phone);
  await phone.frame.getByRole('alert').getByText(OFFLINE).waitFor();
  assert.equal(await words(phone).inputValue(), '客户撤回');
  await phone.control('setNetwork', true);
  await move(world, order.id, 'accept');
  await confirm(phone);
  await phone.sees(/别人刚改过这个工单，现在是“已受理”/);
  assert.equal(await words(phone).inputValue(), '客户撤回');
  await confirm(phone);
  await phone.sees('已取消');
  await words(phone).waitFor({ state: 'detached' });
  assert.equal((await now()).state, 'canceled');
  await phone.assertClean();
});

test('why a registration is rejected is written once', async () => {
  const customer = await person(world, 'registrant', 'member');
  await world.api('POST', '/api/v1/equipment', { serial_number: 'S-REG-1', model: 'HL-2200', site: '仓库' });
  const place = { serial_number: 'S-REG-1', position: NEAR, address: '张江路 99 号' };
  await customer.api('POST', '/api/v1/me/equipment', place);
  const phone = await phoneWith(world, 'rejecter', 'dispatcher');
  await phone.restart('/pages/dispatch/registrations/index');
  await phone.tap(button(phone, '不对'));
  await phone.tap('其他原因');
  await words(phone).fill('地址写错了');
  await phone.control('setNetwork', false);
  await confirm(phone);
  await phone.frame.getByRole('alert').getByText(OFFLINE).waitFor();
  assert.equal(await words(phone).inputValue(), '地址写错了');
  await phone.control('setNetwork', true);
  await confirm(phone);
  await phone.sees('没有等待审核的登记');
  const { items } = await customer.api('GET', '/api/v1/me/equipment');
  assert.equal(items.find(({ equipment }) => equipment.serial_number === 'S-REG-1').reason, '地址写错了');
  await phone.assertClean();
});

test('why a day is rejected is written once, also when it has changed; the day as it is now is shown', async () => {
  const { id, api } = await person(world, 'driver', 'engineer');
  let day;
  for (const [kind, place, ago] of [
    ['start', FAR, 2000],
    ['end', NEAR, 1000],
  ]) {
    const at = new Date(Date.now() - ago).toISOString();
    const fix = { ...place, accuracy: 20, source: 'gps', fixed_at: at };
    const point = { point_key: `sheets-driver-${kind}`, kind, at, sent_at: at, fix };
    ({ day } = await api('POST', '/api/v1/me/day-points', point));
  }
  await api('POST', `/api/v1/mileage-days/me/${day}/submit`);
  const phone = await phoneWith(world, 'reviewer', 'supervisor');
  await phone.restart('/pages/dispatch/approvals/index');
  await phone.tap(phone.text(day));
  await phone.tap(button(phone, '退回'));
  await phone.tap('其他原因');
  await words(phone).fill('少了一段');
  const { version } = (await phone.data()).looked;
  const decision = { decision: 'reject', reason: '先退回', version };
  await world.api('POST', `/api/v1/mileage-days/${id}/${day}/decision`, decision);
  await api('POST', `/api/v1/mileage-days/me/${day}/submit`);
  await confirm(phone);
  await phone.frame.waitForFunction((old) => globalThis.phone.page().data.looked?.version > old, version);
  assert.notEqual((await phone.data()).problem, '');
  assert.equal(await words(phone).inputValue(), '少了一段');
  await confirm(phone);
  await phone.sees('没有等待审批的里程');
  const { status, reason } = await api('GET', `/api/v1/mileage-days/me/${day}`);
  assert.deepEqual([status, reason], ['rejected', '少了一段']);
  await phone.assertClean();
});

test("the engineers' page of an order offers nobody what is a dispatcher's", async () => {
  const { order } = await orderFor(world, 'S-BOTH-1');
  const phone = await phoneWith(world, 'overseer', 'dispatcher');
  await phone.restart(orderPage(order.id));
  await button(phone, '接单').waitFor();
  const names = async () => (await phone.data()).offers.map((offer) => offer.move);
  assert.deepEqual(await names(), ['take']);
  const engineer = await person(world, 'worker', 'engineer');
  await move(world, order.id, 'assign', { engineer_id: engineer.id });
  await phone.control('pullDown');
  await phone.sees('已派工');
  await phone.sees('现在没有可做的操作');
  assert.deepEqual(await names(), []);
});
