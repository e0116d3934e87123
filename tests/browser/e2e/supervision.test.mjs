// A supervisor lets in with a reason, annuls, and sees why guests are refused and who stands where.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

test('only a supervisor can force, and says why', async () => {
  const list = await world.list('放行', { gates: ['一号门'] });
  const ticket = await world.ticket('冻结客', { status: 'blocked' });
  const staff = await world.phone('staff');
  await staff.takePost('放行', '一号门');
  await staff.show(ticket.code);
  const refused = await staff.verdict({ tone: 'refused' });
  assert.ok(refused.includes('门票已冻结') && !refused.includes('放行'), refused.join());
  // A code that stays in view while another phone keeps the machine busy may be scanned again.
  await staff.lookAway();

  const supervisor = await world.phone('supervisor');
  await supervisor.takePost('放行', '一号门', 'DemoSuper1');
  await supervisor.show(ticket.code);
  await supervisor.verdict({ tone: 'refused' });
  await supervisor.tap('放行');
  await supervisor.tap('其他原因');
  await supervisor.fill('请写明原因', '老板的朋友');
  await supervisor.tap(supervisor.frame.getByRole('button', { name: '确定' }));
  const forced = await supervisor.verdict({ tone: 'admitted', guest: '冻结客' });
  assert.ok(
    forced.some((line) => line.startsWith('主管放行')),
    forced.join(),
  );
  const { items } = await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`);
  assert.deepEqual([items[0].forced, items[0].force_reason], [true, '老板的朋友']);

  await supervisor.nextGuest();
  await supervisor.go('/pages/supervision/refusals/index');
  await supervisor.sees('门票已冻结');
  await supervisor.go('/pages/supervision/devices/index');
  await supervisor.sees('一号门');
  await supervisor.sees('扫码 1 次，放行 0 次');
  await supervisor.sees('扫码 2 次，放行 1 次');

  await supervisor.go('/pages/check-in/history/index');
  await supervisor.tap('作废');
  await supervisor.tap('客人没有进场');
  await supervisor.tap(supervisor.frame.getByRole('button', { name: '确定' }));
  await supervisor.frame.getByText('已撤销').first().waitFor();
  const stats = await world.api('GET', `/api/v1/check-in-lists/${list.id}/stats`);
  assert.equal(stats.inside, 0);
  await supervisor.go('/pages/check-in/numbers/index');
  await supervisor.sees('到场率');
  await supervisor.assertClean();
});

test('an unpaid guest pays at the gate', async () => {
  await world.list('收款', { include_pending: true });
  const ticket = await world.ticket('欠款客', { status: 'pending' });
  const staff = await world.phone('staff');
  await staff.takePost('收款');
  await staff.show(ticket.code);
  const unpaid = await staff.verdict({ tone: 'unpaid' });
  assert.equal(unpaid[0], '未付款');
  await staff.tap('已收款，放行');
  await staff.verdict({ tone: 'admitted', guest: '欠款客' });
  await staff.assertClean();
});
