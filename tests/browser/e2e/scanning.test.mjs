// Staff at the gate: many scans, codes that are none, undoing, typing, the other direction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from '../unit/load.mjs';
import { World } from './world.mjs';

const { AWAY } = load('pages/check-in/scan/sightings.ts');

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

test('fifty guests in a row are let in without a tap between them', async () => {
  const list = await world.list('五十人');
  const tickets = await Promise.all(Array.from({ length: 50 }, (_, number) => world.ticket(`客人${number + 1}`)));
  const staff = await world.phone('staff');
  await staff.takePost('五十人');
  for (const [number, ticket] of tickets.entries()) {
    await staff.show(ticket.code);
    const seen = await staff.verdict({ tone: 'admitted', guest: `客人${number + 1}` });
    assert.equal(seen[0], '请进');
  }
  const stats = await world.api('GET', `/api/v1/check-in-lists/${list.id}/stats`);
  assert.deepEqual([stats.entered, stats.inside, stats.refused], [50, 50, {}], 'each exactly once');
  await staff.assertClean();
});

test('a code that is none is refused, and does not block the next scan', async () => {
  await world.list('杂码');
  const [good, damaged] = await Promise.all([world.ticket('好票'), world.ticket('坏票')]);
  const foreign = 'https://example.com/some/poster?x=1';
  const staff = await world.phone('staff');
  await staff.takePost('杂码');
  const middle = Math.floor(damaged.code.length / 2);
  const swapped = damaged.code[middle] === 'A' ? 'B' : 'A';
  const broken = damaged.code.slice(0, middle) + swapped + damaged.code.slice(middle + 1);
  for (const code of [broken, foreign, '票'.repeat(200), '0', '6901234567892']) {
    await staff.show(code);
    const seen = await staff.verdict({ tone: 'refused' });
    assert.deepEqual(seen.slice(0, 2), ['不能入场', '不是有效的门票'], code);
    assert.ok(!seen.includes('放行'), 'nobody can force what is no ticket');
    await staff.heard('refused.wav');
    await staff.nextGuest();
  }
  await staff.show(good.code);
  await staff.verdict({ tone: 'admitted', guest: '好票' });
  await staff.assertClean();
});

test('a code that stays in view is one scan', async () => {
  const list = await world.list('停留');
  const ticket = await world.ticket('慢客');
  const staff = await world.phone('staff');
  await staff.takePost('停留');
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'admitted', guest: '慢客' });
  // The screen closes by itself; the code is still there.
  await staff.frame.locator('#verdict').waitFor({ state: 'detached' });
  await staff.tab.waitForTimeout(1_000);
  assert.equal(await staff.frame.locator('#verdict').count(), 0);
  const { items } = await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`);
  assert.equal(items.length, 1);
});

test('a slow answer does not make another scan of the code that is still in view', async () => {
  const list = await world.list('慢网');
  const ticket = await world.ticket('慢网客');
  const staff = await world.phone('staff');
  await staff.takePost('慢网');
  await staff.tab.route('**/check-ins', async (route) => {
    await new Promise((done) => setTimeout(done, AWAY + 500));
    await route.continue();
  });
  await staff.show(ticket.code);
  await staff.sees('正在核对');
  await staff.verdict({ tone: 'admitted', guest: '慢网客' });
  await staff.frame.locator('#verdict').waitFor({ state: 'detached' });
  await staff.tab.waitForTimeout(500);
  const { items } = await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`);
  assert.equal(items.length, 1);
  await staff.tab.unrouteAll({ behavior: 'ignoreErrors' });
});

test('two codes before the camera are one scan each', async () => {
  const list = await world.list('两张');
  const [one, other] = await Promise.all([world.ticket('左'), world.ticket('右')]);
  const staff = await world.phone('staff');
  await staff.takePost('两张');
  for (let turn = 0; turn < 10; turn += 1) {
    await staff.show((turn % 2 ? one : other).code);
    await staff.tab.waitForTimeout(250);
  }
  await staff.lookAway();
  const scans = async () => (await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`)).items;
  for (let look = 0; look < 40 && (await scans()).length < 2; look += 1) await staff.tab.waitForTimeout(250);
  await staff.tab.waitForTimeout(500);
  const items = await scans();
  assert.deepEqual(items.map(({ status, attendee_name }) => `${attendee_name} ${status}`).sort(), ['右 ok', '左 ok']);
});

test('on a small phone the buttons stay in reach, however much there is to tell', async () => {
  await world.list('小屏', { allow_multiple_entries: false, allow_entry_after_exit: true });
  const list = world.lists.at(-1);
  const ticket = await world.ticket('尼古拉斯·亚历山大·冯·霍恩洛厄', { order_code: 'B-LONG-ORDER-CODE-0001' });
  for (const [number, type] of ['entry', 'exit', 'entry', 'exit', 'entry'].entries()) {
    const body = { code: ticket.code, nonce: `small-phone-0000${number}`, type };
    await world.api('POST', `/api/v1/check-in-lists/${list.id}/check-ins`, body);
  }
  const supervisor = await world.phone('supervisor', { width: 375, height: 667 });
  await supervisor.takePost('小屏', undefined, 'DemoSuper1');
  await supervisor.show(ticket.code);
  await supervisor.verdict({ tone: 'again' });
  for (const name of ['放行', '再扫一次', '下一位']) {
    const box = await supervisor.frame.getByRole('button', { name, exact: true }).boundingBox();
    assert.ok(box.y + box.height <= 667, `${name} ends at ${box.y + box.height}`);
  }
  await supervisor.tab.screenshot({ path: 'target/screenshots/verdict-small.png' });
});

test('a phone that fails at a scan says so, and is ready for the next', async () => {
  await world.list('故障');
  const [first, second] = await Promise.all([world.ticket('甲'), world.ticket('乙')]);
  const staff = await world.phone('staff');
  await staff.takePost('故障');
  const broken = () => {
    throw 'no random values';
  };
  await staff.frame.evaluate(`phone.stub('getRandomValues', ${broken})`);
  await staff.show(first.code);
  const failed = await staff.verdict({ tone: 'refused' });
  assert.deepEqual(failed.slice(0, 2), ['无法核对', '我们这边出了问题，请稍候再试。']);
  await staff.frame.evaluate(() => globalThis.phone.stub('getRandomValues', null));
  await staff.show(second.code);
  await staff.verdict({ tone: 'admitted', guest: '乙' });
});

test('what was scanned by mistake is undone with a reason, and the ticket is good again', async () => {
  const list = await world.list('误扫单');
  const ticket = await world.ticket('误扫');
  const staff = await world.phone('staff');
  await staff.takePost('误扫单');
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'admitted', guest: '误扫' });
  await staff.tap('撤销');
  await staff.tap(staff.frame.getByRole('button', { name: '确定' }));
  await staff.sees('请选择或填写原因。');
  await staff.tap('扫错了票');
  await staff.control('setNetwork', false);
  await staff.tap(staff.frame.getByRole('button', { name: '确定' }));
  await staff.sees('没有网络，请检查网络后再试。');
  await staff.control('setNetwork', true);
  await staff.tap(staff.frame.getByRole('button', { name: '确定' }));
  await staff.sees('已撤销');
  const { items } = await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`);
  assert.equal(items[0].annul_reason, '扫错了票');
  // The ticket is still in view; that alone must not undo the undoing.
  await staff.tab.waitForTimeout(1_000);
  assert.equal(await staff.frame.locator('#verdict').count(), 0);
  await staff.lookAway();
  await staff.tab.waitForTimeout(AWAY);
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'admitted', guest: '误扫' });
  await staff.assertClean();
});

test('a short code is typed, the WeChat scanner is the fallback, and guests leave', async () => {
  await world.list('短码', { allow_entry_after_exit: true });
  const ticket = await world.ticket('短客');
  const staff = await world.phone('staff');
  await staff.takePost('短码');
  await staff.tap('输入短码');
  const field = staff.frame.locator('input').and(staff.frame.locator(':visible'));
  await field.fill('123');
  await staff.tap('核对');
  await staff.sees('短码是 12 位字母和数字。');
  await field.fill(ticket.short_code.toLowerCase().replace(/(.{4})/g, '$1 '));
  await staff.tap('核对');
  await staff.verdict({ tone: 'admitted', guest: '短客' });
  await staff.nextGuest();

  await staff.tap(staff.frame.getByRole('radio', { name: '离场' }));
  await staff.tap('用微信扫一扫');
  await staff.show(ticket.code);
  const left = await staff.verdict({ tone: 'admitted', guest: '短客' });
  assert.equal(left[0], '已离场');
  await staff.assertClean();
});

test('a refused camera leaves the other ways open', async () => {
  await world.list('无摄像头');
  const staff = await world.phone('staff');
  await staff.control('permit', 'scope.camera', false);
  await staff.logIn();
  await staff.go('/pages/check-in/enroll/index?code=DemoStaff1');
  await staff.tap(staff.frame.getByRole('button', { name: '加入' }));
  await staff.at('pages/check-in/post/index');
  await staff.tap(staff.frame.getByRole('radio', { name: '无摄像头', exact: true }));
  await staff.tap(staff.frame.getByRole('button', { name: '开始检票' }));
  await staff.at('pages/check-in/scan/index');
  await staff.sees('不能使用摄像头');
  for (const name of ['去设置', '重新打开摄像头']) {
    const box = await staff.frame.getByRole('button', { name }).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 375, `${name} is cut off`);
  }
  await staff.tap('输入短码');
  await staff.sees('门票二维码下面的 12 位短码');
});
