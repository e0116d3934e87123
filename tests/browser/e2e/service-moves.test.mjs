// Moves of customers and dispatchers whose answer was lost, or whose order has changed meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orderFor, phoneWith } from './field.mjs';
import { button, customer, move, report, unit } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const OFFLINE = '没有网络，请检查网络后再试。';
const CHANGED = '状态刚刚有了变化，没有提交您的操作。';
const sheet = (phone) => phone.frame.getByRole('dialog');
const confirm = (phone, name) => phone.tap(sheet(phone).getByRole('button', { name, exact: true }));
const movesOf = async ({ id }) => {
  const { entries } = await world.api('GET', `/api/v1/work-orders/${id}`);
  return entries.flatMap((entry) => (entry.kind === 'move' ? [entry.move] : []));
};

/** The server takes the next move, and the phone hears nothing of it. */
async function loseAnswer(phone) {
  let lost = false;
  await phone.tab.route('**/moves', async (request) => {
    if (lost) return request.continue();
    lost = true;
    await request.fetch();
    return request.abort();
  });
}

test('a customer whose move was made, but not answered, makes it with the next try; with and without login', async () => {
  const made = await unit(world, 'SN-MOVE-1');
  const owner = await customer(world, 'mover');
  const own = await report(world, made.code, (await owner.stored('session')).access_token);
  const other = await unit(world, 'SN-MOVE-2');
  const strangers = await report(world, other.code, undefined, { contact: { phone: '13800138000' } });
  const stranger = await world.phone('passer-by', {
    page: `/pages/service/follow/index?code=${strangers.follow.code}`,
  });
  await owner.restart(`/pages/service/order/index?id=${own.id}`);
  const { id } = (await world.api('GET', `/api/v1/work-orders?equipment_id=${other.id}`)).items[0];
  for (const [phone, order] of [
    [owner, own],
    [stranger, { id }],
  ]) {
    await loseAnswer(phone);
    await phone.tap(button(phone, '取消报修'));
    await phone.tap('不需要了');
    await confirm(phone, '取消报修');
    await phone.sees(OFFLINE);
    // As when the network comes back: the order is read anew under the sheet.
    await phone.control('pullDown');
    await phone.frame.waitForFunction(() => globalThis.phone.page().data.order.state === 'canceled');
    await confirm(phone, '取消报修');
    await phone.sees('这份报修已取消。');
    await sheet(phone).waitFor({ state: 'hidden' });
    assert.equal(await phone.frame.getByText(CHANGED).count(), 0);
    assert.deepEqual(await movesOf(order), ['cancel']);
    await phone.assertClean();
  }
});

test('a dispatcher whose move was made, but not answered, makes it with the next try', async () => {
  const { order } = await orderFor(world, 'D-MOVE-1');
  const phone = await phoneWith(world, 'unheard', 'dispatcher');
  await phone.restart(`/pages/dispatch/order/index?id=${order.id}`);
  await loseAnswer(phone);
  await phone.tap(button(phone, '受理'));
  await phone.sees(OFFLINE);
  await phone.tap('知道了');
  await phone.tap(button(phone, '受理'));
  await phone.sees('已受理');
  assert.equal(await phone.frame.getByText('别人刚改过').count(), 0);
  assert.deepEqual(await movesOf(order), ['accept']);
  await phone.assertClean();
});

test('what a customer wrote stays when the order has changed, and goes with the next try', async () => {
  const made = await unit(world, 'SN-MOVE-3');
  const phone = await customer(world, 'writer');
  const own = await report(world, made.code, (await phone.stored('session')).access_token);
  const other = await unit(world, 'SN-MOVE-4');
  const strangers = await report(world, other.code, undefined, { contact: { phone: '13800138000' } });
  const { id } = (await world.api('GET', `/api/v1/work-orders?equipment_id=${other.id}`)).items[0];
  for (const [page, order] of [
    [`/pages/service/order/index?id=${own.id}`, own],
    [`/pages/service/follow/index?code=${strangers.follow.code}`, { id }],
  ]) {
    await phone.restart(page);
    await phone.tap(button(phone, '取消报修'));
    const words = phone.visible(phone.frame.locator('textarea'));
    await words.fill('换了一个保险丝就好了。');
    await move(world, order.id, 'accept');
    await confirm(phone, '取消报修');
    await sheet(phone).getByText(CHANGED).waitFor();
    assert.equal(await words.inputValue(), '换了一个保险丝就好了。');
    await confirm(phone, '取消报修');
    await phone.sees('这份报修已取消。');
    await phone.sees('原因：换了一个保险丝就好了。');
    assert.deepEqual(await movesOf(order), ['accept', 'cancel']);
  }
  await phone.assertClean();
});
