// What a bad day brings: no network, a server that goes away, sessions that are lost, a client without wasm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const history = async (list) => (await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`)).items;

test('without network a scan is kept and answered later; what is no ticket is refused on the spot', async () => {
  const list = await world.list('断网');
  const ticket = await world.ticket('断网客');
  const staff = await world.phone('staff');
  await staff.takePost('断网');
  await staff.control('setNetwork', false);
  await staff.show(ticket.code);
  const kept = await staff.verdict({ tone: 'kept' });
  assert.deepEqual(kept.slice(0, 2), ['暂未核对', '没有网络']);
  assert.ok(
    kept.some((line) => line.startsWith('票是真的')),
    kept.join(),
  );
  await staff.heard('kept.wav');
  await staff.tap('再扫一次');
  const repeated = await staff.verdict({ tone: 'again' });
  assert.equal(repeated[0], '本机已扫过', 'the phone knows that it saw this ticket');
  await staff.nextGuest();
  await staff.show('not a ticket');
  const refused = await staff.verdict({ tone: 'refused' });
  assert.ok(refused.includes('这不是本活动的门票。'), 'the rules run on the phone');
  await staff.nextGuest();
  await staff.sees('1 次扫码等待补传');
  // The scan outlives the mini program.
  await staff.restart('/pages/check-in/history/index');
  await staff.sees('等待补传');
  assert.deepEqual(await history(list), []);
  await staff.control('setNetwork', true);
  await staff.sees('补传结果');
  await staff.sees('断网客');
  const scans = await history(list);
  assert.deepEqual(
    scans.map(({ status, attendee_name }) => [status, attendee_name]),
    [['ok', '断网客']],
    'once, however often it was scanned',
  );
  await staff.assertClean();
});

test('a ticket that was seen once is shown without network', async () => {
  const ticket = await world.ticket('离线客');
  const attendee = await world.phone('attendee');
  await attendee.logIn();
  await attendee.go('/pages/tickets/claim/index');
  await attendee.fill('例如 D20260001', ticket.order_code);
  await attendee.fill('购票时填写的姓名或手机号', '离线客');
  await attendee.tap(attendee.frame.getByRole('button', { name: '领取', exact: true }));
  await attendee.at('pages/tabs/tickets/index');
  await attendee.control('setNetwork', false);
  await attendee.restart('/pages/tabs/tickets/index');
  await attendee.sees('显示的是上次的内容。');
  await attendee.tap(attendee.text('离线客'));
  await attendee.at('pages/tickets/show/index');
  const canvas = attendee.frame.locator('canvas');
  await canvas.waitFor();
  let read;
  for (let attempt = 0; attempt < 50 && read === undefined; attempt += 1) read = await attendee.decode(canvas);
  assert.equal(read, ticket.code);
  assert.equal(await attendee.get('brightness'), 1);
  await attendee.control('setNetwork', true);
  await attendee.text('显示的是上次的内容。').waitFor({ state: 'detached' });
});

test('the server is killed and started again in the middle; no scan is lost or doubled', async () => {
  const list = await world.list('重启');
  const tickets = await Promise.all(['甲', '乙', '丙', '丁'].map((name) => world.ticket(name)));
  const staff = await world.phone('staff');
  await staff.takePost('重启');
  await staff.show(tickets[0].code);
  await staff.verdict({ tone: 'admitted', guest: '甲' });
  await world.server.kill();
  for (const ticket of tickets.slice(1, 3)) {
    await staff.show(ticket.code);
    await staff.verdict({ tone: 'kept' });
    await staff.nextGuest();
  }
  // A code that stays in view while the machine stands still for a moment is scanned again.
  await staff.lookAway();
  await world.server.start();
  // The page sends what waits by itself, too, every now and then.
  const tapped = await staff.tap('立即补传').then(
    () => true,
    () => false,
  );
  if (tapped) await staff.sees('补传完成 2 次，结果见记录');
  await staff.frame.waitForFunction(() => globalThis.phone.wx.getStorageSync('waiting_scans').length === 0);
  await staff.show(tickets[3].code);
  await staff.verdict({ tone: 'admitted', guest: '丁' });
  const scans = await history(list);
  assert.deepEqual(scans.map(({ attendee_name, status }) => `${attendee_name} ${status}`).sort(), [
    '丁 ok',
    '丙 ok',
    '乙 ok',
    '甲 ok',
  ]);
});

test('a lost session leads to a silent new login in the middle of the queue', async () => {
  await world.list('失会话');
  const tickets = await Promise.all(['前', '后'].map((name) => world.ticket(name)));
  const staff = await world.phone('staff');
  await staff.takePost('失会话');
  await staff.show(tickets[0].code);
  await staff.verdict({ tone: 'admitted', guest: '前' });
  const logins = async () => (await staff.get('calls')).filter(({ name }) => name === 'login').length;
  const before = await logins();
  world.loseSessions();
  await staff.show(tickets[1].code);
  await staff.verdict({ tone: 'admitted', guest: '后' });
  assert.equal(await logins(), before + 1, 'one login, although several calls found the session lost');
  await staff.assertClean();
});

test('a right that is withdrawn loses no scan; it is sent once the right is back', async () => {
  const list = await world.list('收权');
  const ticket = await world.ticket('收权客');
  const staff = await world.phone('substitute');
  await staff.takePost('收权');
  const { person_id } = await staff.frame.evaluate(() => globalThis.phone.wx.getStorageSync('session'));
  await world.api('DELETE', `/api/v1/persons/${person_id}/roles/staff`);
  await staff.show(ticket.code);
  const kept = await staff.verdict({ tone: 'kept' });
  assert.ok(kept.includes('您没有这项权限。'), kept.join());
  await staff.nextGuest();
  await staff.lookAway();
  // Who was sent away needs a new invitation.
  const { code } = await world.api('POST', '/api/v1/invitations', { role: 'staff' });
  await staff.go(`/pages/check-in/enroll/index?code=${code}`);
  await staff.tap(staff.frame.getByRole('button', { name: '加入' }));
  await staff.at('pages/check-in/post/index');
  await staff.go('/pages/check-in/history/index');
  await staff.sees('补传结果');
  assert.deepEqual(
    (await history(list)).map(({ status, attendee_name }) => [status, attendee_name]),
    [['ok', '收权客']],
  );
});

test('scans that wait outlive a logout, and are sent after the next login', async () => {
  const list = await world.list('换班');
  const ticket = await world.ticket('换班客');
  const staff = await world.phone('staff');
  await staff.takePost('换班');
  await staff.control('setNetwork', false);
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'kept' });
  await staff.restart('/pages/tabs/me/index');
  await staff.tap(staff.frame.getByRole('button', { name: '退出登录' }));
  await staff.tap('确定');
  await staff.sees('还没有登录');
  await staff.control('setNetwork', true);
  assert.deepEqual(await history(list), []);
  await staff.restart('/pages/tabs/home/index');
  await staff.logIn();
  await staff.go('/pages/check-in/history/index');
  await staff.sees('补传结果');
  assert.equal((await history(list)).length, 1);
});

for (const wasm of ['missing', 'failing', 'hanging']) {
  test(`with wasm ${wasm} the server judges, and the page says nothing scary`, async () => {
    await world.list(`无wasm-${wasm}`);
    const [ticket, later] = await Promise.all([world.ticket(`客-${wasm}`), world.ticket('后来客')]);
    const staff = await world.phone('staff', { wasm });
    await staff.takePost(`无wasm-${wasm}`);
    await staff.show(ticket.code);
    await staff.verdict({ tone: 'admitted', guest: `客-${wasm}` });
    await staff.show('not a ticket');
    await staff.verdict({ tone: 'refused' });
    await staff.nextGuest();
    await staff.control('setNetwork', false);
    await staff.show(later.code);
    const kept = await staff.verdict({ tone: 'kept' });
    assert.ok(kept.includes('已保存，联网后自动核对。'), 'nothing is claimed about a code that was not checked');
    await staff.assertClean();
  });
}
