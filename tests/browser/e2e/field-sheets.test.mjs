// What is written for a move or a decision outlives its failure; who may make which move on which page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allSent, assigned, button, dayOf, FAR, NEAR, orderFor, orderPage, phoneWith } from './field.mjs';
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

test('a pause ends at a moment to come, which the sheet proposes', async () => {
  const { order, now } = await orderFor(world, 'S-PAUSE-3');
  const phone = await phoneWith(world, 'planner', 'engineer');
  await assigned(world, phone, order);
  await openSheet(phone, '暂停');
  await words(phone).fill('等配件到货');
  const pick = (kind, value) => phone.visible(phone.frame.locator(`input[type=${kind}]`)).fill(value);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await pick('date', today);
  const proposed = await phone.visible(phone.frame.locator('input[type=time]')).inputValue();
  await pick('time', '00:00');
  await confirm(phone);
  await phone.sees('这个时间已经过去，请选以后的时间。');
  await pick('time', proposed);
  await confirm(phone);
  await phone.sees('已暂停');
  await words(phone).waitFor({ state: 'detached' });
  assert.ok(Date.parse((await now()).targets.paused_until) > Date.now());
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

/** An engineer whose day waits for a decision; `handInAnew`: it was rejected, and handed in again. */
async function driver(name) {
  const { id, api } = await person(world, name, 'engineer');
  const day = await dayOf({ id, api }, [FAR, NEAR]);
  const submit = () => api('POST', `/api/v1/mileage-days/me/${day}/submit`);
  await submit();
  const handInAnew = async () => {
    const { version } = await api('GET', `/api/v1/mileage-days/me/${day}`);
    const decision = { decision: 'reject', reason: '先退回', version };
    await world.api('POST', `/api/v1/mileage-days/${id}/${day}/decision`, decision);
    await submit();
  };
  return { id, day, api, handInAnew, known: () => api('GET', `/api/v1/mileage-days/me/${day}`) };
}

test('why a day is rejected is written once, also when it has changed; the day as it is now is shown', async () => {
  const { day, api, handInAnew } = await driver('driver');
  const phone = await phoneWith(world, 'reviewer', 'supervisor');
  await phone.restart('/pages/dispatch/approvals/index');
  await phone.tap(phone.text(day));
  await phone.tap(button(phone, '退回'));
  await phone.tap('其他原因');
  await words(phone).fill('少了一段');
  const { version } = (await phone.data()).looked;
  await handInAnew();
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

test('a day that has changed is approved with the next try, and a late answer about it is not shown as another', async () => {
  const [one, other] = [await driver('first-driver'), await driver('second-driver')];
  const phone = await phoneWith(world, 'late-reviewer', 'supervisor');
  await phone.restart('/pages/dispatch/approvals/index');
  await phone.sees(one.day);
  const open = (who) => phone.tap(phone.find(`[data-key="${who.id} ${who.day}"]`));
  await open(one);
  await button(phone, '退回').waitFor();
  await one.handInAnew();
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  const ofOne = `**/mileage-days/${one.id}/${one.day}`;
  await phone.tab.route(ofOne, async (request) => {
    await held;
    await request.continue();
  });
  await phone.tap(button(phone, '退回'));
  await phone.tap('其他原因');
  await words(phone).fill('里程偏多');
  const asked = phone.tab.waitForRequest(ofOne);
  await confirm(phone);
  await asked;
  await phone.tap(button(phone, '取消'));
  await open(other);
  await phone.frame.waitForFunction((id) => globalThis.phone.page().data.looked?.engineer.id === id, other.id);
  await phone.tap(button(phone, '退回'));
  await phone.tap('其他原因');
  await words(phone).fill('少了照片');
  const late = phone.tab.waitForResponse(ofOne);
  let_go();
  await (await late).finished();
  await phone.tab.waitForTimeout(300);
  await confirm(phone);
  await words(phone).waitFor({ state: 'detached' });
  const decided = await other.known();
  assert.deepEqual([decided.status, decided.reason, (await one.known()).status], ['rejected', '少了照片', 'submitted']);

  await open(one);
  await button(phone, '批准').waitFor();
  const { version } = (await phone.data()).looked;
  await one.handInAnew();
  const approve = async () => {
    await phone.tap(button(phone, '批准'));
    await phone.tap(phone.find('#wechat-modal-confirm'));
  };
  await approve();
  await phone.frame.waitForFunction((old) => globalThis.phone.page().data.looked?.version > old, version);
  await approve();
  await phone.sees('没有等待审批的里程');
  assert.equal((await one.known()).status, 'approved');
  await phone.assertClean();
});

test('a reason for one registration outlives what becomes of another, and is found beyond the first page', async () => {
  const customer = await person(world, 'many-units', 'member');
  const registered = async (serial_number, place) => {
    await world.api('POST', '/api/v1/equipment', { serial_number, model: 'HL-2200', site: '仓库' });
    return customer.api('POST', '/api/v1/me/equipment', { serial_number, ...place });
  };
  const place = { position: NEAR, address: '张江路 99 号' };
  for (let number = 100; number < 132; number += 1) await registered(`S-REG-${number}`, place);
  const pending = async () => {
    const { items } = await customer.api('GET', '/api/v1/me/equipment?limit=100');
    return Object.fromEntries(items.map((item) => [item.equipment.serial_number, item]));
  };
  const { id: first } = (await pending())['S-REG-100'];
  const { id: last } = (await pending())['S-REG-131'];
  const phone = await phoneWith(world, 'busy-checker', 'dispatcher');
  await phone.restart('/pages/dispatch/registrations/index');
  await phone.sees('S-REG-100');
  await phone.tap(button(phone, '加载更多'));
  await phone.sees('S-REG-131');
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route(`**/${first}/decision`, async (request) => {
    await held;
    await request.continue();
  });
  const act = (serial, name) =>
    phone.tap(phone.frame.locator('.card', { hasText: serial }).getByRole('button', { name, exact: true }));
  const sent = phone.tab.waitForRequest(`**/${first}/decision`);
  await act('S-REG-100', '核实');
  await phone.tap(phone.find('#wechat-modal-confirm'));
  await sent;
  await act('S-REG-131', '不对');
  await phone.tap('其他原因');
  await words(phone).fill('这是另一台');
  let_go();
  await phone.frame.waitForFunction(
    ([gone, kept]) => {
      const { rows, rejecting, busy } = globalThis.phone.page().data;
      return busy === '' && rejecting === kept && rows.every(({ id }) => id !== gone);
    },
    [first, last],
  );
  await customer.api('POST', '/api/v1/me/equipment', { serial_number: 'S-REG-131', ...place, position: FAR });
  await confirm(phone);
  await phone.frame.getByRole('alert').getByText('有人刚刚修改过这里').waitFor();
  await phone.frame.waitForFunction(
    (id) => globalThis.phone.page().data.rows.find((row) => row.id === id)?.version > 1,
    last,
  );
  assert.equal(await words(phone).inputValue(), '这是另一台');
  await confirm(phone);
  await words(phone).waitFor({ state: 'detached' });
  const after = await pending();
  assert.deepEqual([after['S-REG-100'].status, after['S-REG-131'].reason], ['verified', '这是另一台']);
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
