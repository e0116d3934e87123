// The whole life of an order: a guest, a dispatcher and two engineers, one of them without network for half of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { button, checkIn, orderPage, phoneWith, SITE } from './field.mjs';
import { unit } from './service.mjs';
import { DOMAIN, World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const area = (phone, number = 0) => phone.frame.locator('textarea').and(phone.frame.locator(':visible')).nth(number);

async function assignTo(dispatcher, engineer, order) {
  await dispatcher.restart(`/pages/dispatch/order/index?id=${order.id}`);
  await dispatcher.tap(button(dispatcher, '派工'));
  await dispatcher.tap(dispatcher.frame.locator(`[role=radio][data-id="${engineer.person.id}"]`));
  await dispatcher.sees('已派工');
}

test('an order lives from the scan of a guest to the file', async () => {
  const made = await unit(world, 'LIFE-1', { position: SITE, address: '张江路 88 号' });
  const dispatcher = await phoneWith(world, 'life-dispatcher', 'dispatcher');
  const first = await phoneWith(world, 'life-first', 'engineer');
  const second = await phoneWith(world, 'life-second', 'engineer');

  const guest = await world.phone('life-guest', {
    page: `/pages/service/unit/index?q=${encodeURIComponent(`${DOMAIN}/q/${made.code}`)}`,
  });
  await guest.tap(button(guest, '报修'));
  await guest.at('pages/service/report/index');
  await guest.tap(guest.visible(guest.frame.getByRole('radio', { name: '异响或漏液' })));
  await area(guest).fill('机房漏水。');
  await guest.fill('必填', '13800138000');
  await guest.tap(button(guest, '提交报修'));
  await guest.sees('报修已提交');
  const [order] = (await world.api('GET', `/api/v1/work-orders?equipment_id=${made.id}`)).items;
  const now = () => world.api('GET', `/api/v1/work-orders/${order.id}`);
  await guest.tap(button(guest, '查看进度'));
  await guest.at('pages/service/follow/index');

  await dispatcher.restart('/pages/dispatch/orders/index');
  await dispatcher.tap(dispatcher.text(new RegExp(order.number)));
  await dispatcher.tap(button(dispatcher, '受理'));
  await dispatcher.sees('已受理');
  await assignTo(dispatcher, first, order);

  // The first engineer has seen the order, and then has no network until the way back.
  await first.restart(orderPage(order.id));
  await first.sees('已派工');
  await first.control('setNetwork', false);
  await first.tap(button(first, '出发'));
  await first.sees('正在路上');
  await checkIn(first);
  await first.tap(first.visible(first.frame.getByRole('radio', { name: '暂停，还要再来' })));
  await area(first, 0).fill('阀门开裂。');
  await area(first, 1).fill('等配件');
  await first.tap(button(first, '签退并提交'));
  await first.at('pages/field/order/index');
  await first.sees('已暂停');
  assert.equal((await now()).state, 'assigned', 'nothing has arrived yet');
  await first.control('setNetwork', true);
  await first.restart('/pages/field/waiting/index');
  await first.sees('没有等待发送的内容');
  const paused = await now();
  assert.equal(paused.state, 'paused');
  assert.ok(paused.entries.some(({ reason }) => reason === '等配件'));

  await guest.control('pullDown');
  await guest.sees('等配件');

  await assignTo(dispatcher, second, order);
  await second.restart(orderPage(order.id));
  await second.sees('阀门开裂。');
  await second.tap(button(second, '出发'));
  await second.sees('正在路上');
  await checkIn(second);
  await area(second).fill('更换阀门，试压正常。');
  await second.tap(button(second, '签退并提交'));
  await second.at('pages/field/order/index');
  await second.sees('已完成');
  await first.restart('/pages/field/nearby/index?tab=mine');
  await first.frame.waitForFunction((number) => !document.body.innerText.includes(number), order.number);

  await guest.control('pullDown');
  await guest.tap(button(guest, '确认并评价'));
  const sheet = guest.frame.getByRole('dialog');
  await guest.tap(sheet.getByRole('radio', { name: '5 星' }));
  await guest.tap(sheet.getByRole('button', { name: '确认并评价' }));
  await guest.sees('谢谢您的评价。');

  await dispatcher.restart(`/pages/dispatch/order/index?id=${order.id}`);
  await dispatcher.tap(button(dispatcher, '关闭工单'));
  const close = dispatcher.frame.getByRole('dialog');
  await dispatcher.tap(close.getByRole('button', { name: '确定' }));
  await dispatcher.sees('已关闭');

  const closed = await now();
  assert.deepEqual([closed.state, closed.rating, closed.engineer.id], ['closed', 5, second.person.id]);
  assert.deepEqual(
    closed.entries.filter(({ kind }) => kind === 'move').map(({ move }) => move),
    ['accept', 'assign', 'set_out', 'arrive', 'pause', 'assign', 'set_out', 'arrive', 'finish', 'confirm', 'close'],
  );
  const visits = (await world.api('GET', `/api/v1/work-orders/${order.id}/visits`)).items;
  assert.deepEqual(
    visits.map(({ result, check_in }) => [result, check_in.outcome, check_in.offline]),
    [
      ['paused', 'inside', true],
      ['done', 'inside', false],
    ],
  );
  for (const phone of [guest, dispatcher, first, second]) await phone.assertClean();
});
