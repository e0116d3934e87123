// Visits and days that do not go as planned: pages left too early, orders given away, ends that were refused or made
// elsewhere, nights.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  allSent,
  assigned,
  button,
  checkIn,
  dayOf,
  FAR,
  NEAR,
  orderFor,
  orderPage,
  phoneWith,
  photograph,
  showScene,
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

const visitPage = (id) => `/pages/field/visit/index?id=${id}`;

/** The phone of an engineer who has an order, on its page. */
async function onTheWay(user, serial_number) {
  const made = await orderFor(world, serial_number);
  const phone = await phoneWith(world, user, 'engineer');
  await assigned(world, phone, made.order);
  return { ...made, phone };
}

const write = (phone, text) => phone.visible(phone.frame.locator('textarea')).fill(text);

/** What the phone has not sent. */
const waits = async (phone) => (await phone.stored('field_acts')) || [];

test('a page that is left while a check-in is being sent takes no photo along', async () => {
  const { phone, order } = await onTheWay('leaver', 'V-LEFT-1');
  await showScene(phone);
  await phone.tap(button(phone, '开始上门'));
  await phone.sees('在现场');
  await photograph(phone, '拍照');
  let go;
  const released = new Promise((resolve) => (go = resolve));
  await phone.tab.route('**/media?**', async (request) => {
    await released;
    await request.continue();
  });
  await phone.tap(button(phone, '签到'));
  await phone.frame.waitForFunction(() => globalThis.phone.wx.getStorageSync('field_acts').length === 1);
  await phone.frame.evaluate(() => globalThis.phone.wx.navigateBack());
  await phone.at('pages/field/order/index');
  go();
  await allSent(phone);
  const [{ check_in }] = await visitsOf(world, order.id);
  assert.equal(check_in.photo?.kind, 'photo');
  assert.deepEqual(await phone.stored('local_media'), []);
  await phone.assertClean();
});

test('a full phone says so, and nobody is checked in', async () => {
  const { phone, order } = await onTheWay('hoarder', 'V-FULL-1');
  await phone.tap(button(phone, '开始上门'));
  await phone.sees('在现场');
  await phone.frame.evaluate(() =>
    globalThis.phone.stub('setStorageSync', () => {
      throw new Error('setStorageSync:fail exceed storage max size');
    }),
  );
  await phone.tap(button(phone, '签到'));
  await phone.sees(/^手机存储已满，没有记下/);
  assert.deepEqual(await visitsOf(world, order.id), []);
});

test('a visit that was ended elsewhere is over on this phone too', async () => {
  const { phone, order } = await onTheWay('elsewhere', 'V-ENDED-1');
  await checkIn(phone);
  await write(phone, '没写完');
  const [{ id }] = await visitsOf(world, order.id);
  const at = new Date().toISOString();
  const end = { at, sent_at: at, result: 'done', text: '在另一台手机上结束' };
  await phone.person.api('PATCH', `/api/v1/work-orders/${order.id}/visits/${id}`, end);
  await phone.restart(visitPage(order.id));
  await phone.sees('这次上门已经签退。');
  await phone.tap('知道了');
  await phone.at('pages/field/order/index');
  await phone.sees(/在另一台手机上结束/);
  assert.deepEqual(await phone.stored('visit_drafts'), []);
});

test('a check-in that is given up takes its check-out along, and says so', async () => {
  const { phone, order } = await onTheWay('quitter', 'V-DROP-1');
  await phone.control('setNetwork', false);
  await checkIn(phone);
  await write(phone, '换了保险丝');
  await phone.tap(button(phone, '签退并提交'));
  await phone.at('pages/field/order/index');
  await phone.restart('/pages/field/waiting/index');
  await phone.sees(/^签退 · /);
  await phone.tap(button(phone, '放弃'));
  await phone.sees(/等待发送的签退和照片会一起删除/);
  await phone.tap(phone.frame.getByRole('dialog').getByText('放弃', { exact: true }).last());
  await phone.sees('没有等待发送的内容');
  await phone.control('setNetwork', true);
  await phone.restart(orderPage(order.id));
  await phone.sees('已派工');
  await phone.tap(button(phone, '开始上门'));
  await phone.sees('现在的位置');
  assert.deepEqual(await visitsOf(world, order.id), []);
});

test('who is on site when the order is given to somebody else still checks out', async () => {
  const { phone, order } = await onTheWay('remover', 'V-GONE-1');
  const other = await person(world, 'follower', 'engineer');
  await checkIn(phone);
  await move(world, order.id, 'pause', { reason: '换人' });
  await move(world, order.id, 'resume');
  await move(world, order.id, 'assign', { engineer_id: other.id });
  await phone.restart('/pages/field/nearby/index?tab=mine');
  await phone.sees('您没有进行中的工单');
  await phone.sees('1 次上门还没有结束');
  await phone.tap(phone.text(new RegExp(`^工单 ${order.number} · `)));
  await phone.at('pages/field/visit/index');
  await write(phone, '换人之前的工作');
  await phone.tap(button(phone, '签退并提交'));
  await phone.sees('上门已经记录，但工单在这之前已经变了，请看工单的经过。');
  await phone.tap('知道了');
  await phone.at('pages/field/nearby/index');
  await phone.text('还没有结束的上门').waitFor({ state: 'detached' });
  const [{ check_out, text }] = await visitsOf(world, order.id);
  assert.ok(check_out);
  assert.equal(text, '换人之前的工作');
  assert.deepEqual(await waits(phone), []);
  assert.deepEqual(await phone.stored('visit_drafts'), []);
});

test('a visit to an order that was canceled is among what waits, until it has ended', async () => {
  const { phone, order } = await onTheWay('canceled', 'V-GONE-2');
  await checkIn(phone);
  await move(world, order.id, 'cancel', { reason: '重复' });
  await phone.restart('/pages/tabs/home/index');
  await phone.tap(button(phone, '附近工单'));
  await phone.at('pages/field/nearby/index');
  await phone.tap('我的工单');
  await phone.tap('1 次上门还没有结束');
  await phone.at('pages/field/waiting/index');
  await phone.tap(phone.text(new RegExp(`^工单 ${order.number} · `)));
  await phone.at('pages/field/visit/index');
  assert.equal(await phone.frame.getByText('次上门还没有结束').locator('visible=true').count(), 0, 'it is this one');
  await write(phone, '取消之前的工作');
  await phone.tap(button(phone, '签退并提交'));
  await phone.tap('知道了');
  await phone.at('pages/field/waiting/index');
  await phone.sees('没有等待发送的内容');
  assert.equal(await phone.frame.getByText('还没有结束').locator('visible=true').count(), 0);
  const [{ text }] = await visitsOf(world, order.id);
  assert.equal(text, '取消之前的工作');
  await phone.assertClean();
});

test('a check-out that a full phone cannot write down leaves the visit as it was written', async () => {
  const { phone, order } = await onTheWay('stuffed', 'V-FULL-2');
  await checkIn(phone);
  await write(phone, '换了主板');
  await phone.control('setNetwork', false);
  await phone.frame.evaluate(() => {
    const { setStorageSync } = globalThis.phone.wx;
    globalThis.phone.stub('setStorageSync', (key, value) => {
      if (key === 'field_acts') throw new Error('setStorageSync:fail exceed storage max size');
      return setStorageSync(key, value);
    });
  });
  await phone.tap(button(phone, '签退并提交'));
  await phone.sees(/^手机存储已满，没有记下/);
  assert.equal(await phone.route(), 'pages/field/visit/index');
  // WeChat is closed before there is a network again.
  await phone.restart(visitPage(order.id));
  assert.equal(await phone.visible(phone.frame.locator('textarea')).inputValue(), '换了主板');
  await phone.tap(button(phone, '签退并提交'));
  await phone.at('pages/field/order/index');
  await phone.control('setNetwork', true);
  await phone.sees('已完成');
  await allSent(phone);
  const visits = await visitsOf(world, order.id);
  assert.deepEqual(
    visits.map(({ text }) => text),
    ['换了主板'],
  );
});

test('visits that could not be loaded are not called none', async () => {
  const { phone, order } = await onTheWay('blind', 'V-HIDDEN-1');
  await phone.sees('还没有上门');
  await checkIn(phone);
  await phone.restart(orderPage(order.id));
  await phone.sees(/签到 · /);
  await phone.tab.route('**/visits', (request) => request.abort());
  const failed = () => phone.tab.waitForEvent('requestfailed', (request) => request.url().endsWith('/visits'));
  await Promise.all([failed(), phone.control('pullDown')]);
  await phone.tab.waitForTimeout(300);
  await phone.sees(/签到 · /);
  await Promise.all([failed(), phone.restart(orderPage(order.id))]);
  await phone.sees('经过');
  await phone.tab.waitForTimeout(300);
  assert.equal(await phone.frame.getByText('还没有上门').locator('visible=true').count(), 0);
});

test('a check-out that is refused later is corrected, not made anew', async () => {
  const { phone, order } = await onTheWay('corrector', 'V-REFUSED-1');
  await checkIn(phone);
  await phone.control('setNetwork', false);
  await write(phone, '更换主轴承');
  await phone.tap(button(phone, '签退并提交'));
  await phone.at('pages/field/order/index');
  const refusal = { type: 'x', title: 'x', status: 422, code: 'invalid_field', errors: [] };
  await phone.tab.route('**/visits/*', (request) =>
    request.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(refusal) }),
  );
  await phone.control('setNetwork', true);
  await phone.sees('1 项没有被接受，请处理');
  await phone.tab.unrouteAll({ behavior: 'wait' });
  await phone.tap('1 项没有被接受，请处理');
  await phone.tap(button(phone, '修改后再提交'));
  await phone.at('pages/field/visit/index');
  await phone.sees(/上次签退没有被接受/);
  assert.equal(await phone.visible(phone.frame.locator('textarea')).inputValue(), '更换主轴承');
  await write(phone, '更换主轴承，试机正常');
  await phone.tap(button(phone, '签退并提交'));
  await phone.at('pages/field/order/index');
  await phone.sees('已完成');
  await allSent(phone);
  const visits = await visitsOf(world, order.id);
  assert.deepEqual(
    visits.map(({ text }) => text),
    ['更换主轴承，试机正常'],
  );
  assert.deepEqual(await waits(phone), []);
});

test('a day that has started yesterday is ended after midnight', async () => {
  const phone = await phoneWith(world, 'nightly', 'engineer');
  const at = new Date(Date.now() - 24 * 3_600_000).toISOString();
  const fix = { ...FAR, accuracy: 20, source: 'gps', fixed_at: at };
  const start = { point_key: 'nightly-start-0001', kind: 'start', at, sent_at: new Date().toISOString(), fix };
  const { day } = await phone.person.api('POST', '/api/v1/me/day-points', start);
  await stand(phone, NEAR);
  await phone.restart('/pages/field/day/index');
  await phone.tap(button(phone, `结束 ${day.slice(5)}`));
  await phone.sees(/误差约 \d+ 米/);
  await phone.tap(button(phone, '保存'));
  await phone.sees(/ 结束$/);
  assert.equal((await phone.data()).date, day, 'the day that has ended is shown');
  const known = await phone.person.api('GET', `/api/v1/mileage-days/me/${day}`);
  assert.deepEqual(
    known.stops.map(({ kind }) => kind),
    ['start', 'end'],
  );
  await phone.restart('/pages/field/day/index');
  await button(phone, '结束今天').waitFor();
  await phone.assertClean();
});

test('figures of an odometer are put right without photographing it again', async () => {
  const phone = await phoneWith(world, 'reader', 'engineer');
  const day = await dayOf(phone.person, [FAR, NEAR]);
  await phone.restart(`/pages/field/day/index?day=${day}`);
  const edit = async (from, to, reason) => {
    await phone.tap(button(phone, '修改'));
    await phone.tap('按里程表');
    await phone.frame.getByLabel('里程表起点（公里）').fill(from);
    await phone.frame.getByLabel('里程表终点（公里）').fill(to);
    await write(phone, reason);
    await phone.tap(button(phone, '保存').last());
  };
  await edit('100', '112', '绕路\n取配件');
  await phone.sees('请拍里程表的照片。');
  await photograph(phone, '里程表照片');
  await phone.tap(button(phone, '保存').last());
  await phone.sees('里程表 100.00 → 112.00 · 绕路 取配件');
  await edit('100', '121', '看错了');
  await phone.sees('里程表 100.00 → 121.00 · 看错了');
  const { legs } = await phone.person.api('GET', `/api/v1/mileage-days/me/${day}`);
  assert.deepEqual([legs[0].meters, legs[0].photos.length], [21_000, 1]);
});
