// One mini program that several organizations share: choosing, switching, and nothing of one that gets into another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
let other;
let closed;
let demo;
before(async () => {
  world = await World.start();
  other = await world.organization('other', '海豚剧院');
  closed = await world.organization('closed', '内部会议', false);
  demo = await world.api('PUT', '/api/v1/organization', { name: '牌坊年会', guests_allowed: true });
});
after(() => world?.stop());

const opened = ({ scene }, page = '/pages/tabs/home/index') => `${page}?scene=${encodeURIComponent(scene)}`;
const button = (phone, name) => phone.frame.getByRole('button', { name, exact: true });

/** A phone whose person is logged in to the organization whose code they have opened. */
async function phoneAt(user, organization, options = {}) {
  const phone = await world.phone(user, { ...options, page: opened(organization) });
  await phone.logIn();
  await phone.sees(organization.name);
  return phone;
}

async function claim(phone, ticket, holder) {
  await phone.go('/pages/tickets/claim/index');
  await phone.fill('例如 D20260001', ticket.order_code);
  await phone.fill('购票时填写的姓名或手机号', holder);
  await phone.tap(button(phone, '领取'));
  await phone.at('pages/tabs/tickets/index');
  await phone.sees(holder);
}

const history = async (list) => (await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`)).items;

test('who opens it without a code chooses an organization, and it is remembered', async () => {
  const phone = await world.phone('chooser');
  await phone.tap('微信登录');
  await phone.agreeToPrivacy();
  await phone.sees('请选择机构');
  await phone.tab.screenshot({ path: 'target/screenshots/guide-choose.png' });
  await phone.tap('海豚剧院');
  await phone.sees('还没有门票');
  await phone.sees('海豚剧院');
  await phone.restart('/pages/tabs/me/index');
  await phone.tap(button(phone, '退出登录'));
  await phone.tap('确定');
  await phone.sees('还没有登录');
  await phone.restart('/pages/tabs/home/index');
  await phone.sees('您将进入：海豚剧院');
  await phone.logIn();
  await phone.sees('海豚剧院');
  // A lost session leads back there, too.
  world.loseSessions();
  await phone.restart();
  await phone.sees('还没有门票');
  assert.equal((await phone.stored('session')).organization.name, '海豚剧院');
  await phone.assertClean();
});

test('the code of another organization switches at once, says so, and nothing of the former is left', async () => {
  const ticket = await world.ticket('换场客');
  const phone = await phoneAt('switcher', demo);
  await claim(phone, ticket, '换场客');
  const former = await phone.stored('session');
  const ended = phone.tab.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await phone.control('open', opened(other));
  await phone.sees('您现在在海豚剧院');
  await phone.at('pages/tabs/home/index');
  await phone.sees('还没有门票');
  await ended;
  await phone.tap('门票');
  await phone.sees('还没有门票');
  assert.equal(await phone.frame.getByText('换场客').count(), 0);
  const { access_token } = former;
  const answer = await fetch(`${world.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(answer.status, 401, 'the former login has ended');
  // Coming back to the front is no new opening; a cold start with the first code is.
  await phone.control('hide');
  await phone.control('show');
  await phone.restart(opened(demo, '/pages/tabs/tickets/index'));
  await phone.sees('您现在在牌坊年会');
  await phone.at('pages/tabs/tickets/index');
  await phone.sees('换场客');
  await phone.assertClean();
});

test('an answer for the former organization is not taken for the new one’s', async () => {
  const ticket = await world.ticket('迟到客');
  const phone = await phoneAt('late', demo);
  await claim(phone, ticket, '迟到客');
  let release;
  const held = new Promise((done) => (release = done));
  let asked = 0;
  await phone.tab.route('**/api/v1/me/tickets', async (route) => {
    asked += 1;
    if (asked > 1) return route.continue();
    const response = await route.fetch();
    await held;
    return route.fulfill({ response });
  });
  await phone.control('pullDown');
  await phone.control('open', opened(other));
  await phone.sees('您现在在海豚剧院');
  await phone.sees('还没有门票');
  release();
  await phone.tab.waitForTimeout(500);
  assert.deepEqual((await phone.stored('tickets')).items, []);
  await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.assertClean();
});

test('scans that wait are asked about, stay on the phone, and are sent to their own organization only', async () => {
  const list = await world.list('换场单');
  const ticket = await world.ticket('两地客');
  const staff = await world.phone('commuter', { page: opened(demo) });
  await staff.takePost('换场单');
  await staff.control('setNetwork', false);
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'kept' });
  await staff.lookAway();
  await staff.control('open', opened(other));
  await staff.sees('这里有 1 次扫码等待补传。');
  await staff.tab.screenshot({ path: 'target/screenshots/switch-waiting.png' });
  await staff.tap(button(staff, '留在牌坊年会'));
  await staff.at('pages/tabs/home/index');
  assert.equal((await staff.stored('session')).organization.name, '牌坊年会');

  await staff.control('open', opened(other));
  await staff.tap(button(staff, '切换'));
  await staff.sees('没有网络');
  assert.equal((await staff.stored('session')).organization.name, '牌坊年会', 'nothing is lost without network');
  const sent = [];
  staff.tab.on('request', (request) => request.url().includes('/check-ins') && sent.push(request.url()));
  await staff.control('setNetwork', true);
  await staff.tap('重试');
  await staff.sees('您现在在海豚剧院');
  await staff.sees('另有 1 次扫码属于其他机构');
  await staff.tab.waitForTimeout(500);
  assert.deepEqual(sent, [], 'nothing goes to the wrong organization');
  assert.equal((await staff.stored('waiting_scans')).length, 1);
  assert.equal(await staff.stored('post'), '');

  await staff.tap('另有 1 次扫码属于其他机构，切换到那里后补传');
  await staff.at('pages/account/profile/index');
  await staff.tap(button(staff, '进入 牌坊年会'));
  await staff.sees('您现在在牌坊年会');
  await staff.frame.waitForFunction(() => globalThis.phone.wx.getStorageSync('waiting_scans').length === 0);
  assert.deepEqual(
    (await history(list)).map(({ attendee_name, status }) => `${attendee_name} ${status}`),
    ['两地客 ok'],
  );
  await staff.assertClean();
});

test('an invitation of another organization leads there', async () => {
  const { code } = await other.api('POST', '/api/v1/invitations', { role: 'supervisor' });
  const phone = await phoneAt('invited', demo);
  await phone.go(`/pages/check-in/enroll/index?code=${code}`);
  await phone.tap(button(phone, '加入'));
  await phone.at('pages/check-in/post/index');
  assert.equal((await phone.stored('session')).organization.name, '海豚剧院');
  await phone.go('/pages/check-in/enroll/index?code=NoSuchCode');
  await phone.tap(button(phone, '加入'));
  await phone.sees('邀请码无效、已过期或已用完。');
  assert.equal((await phone.stored('session')).organization.name, '海豚剧院');
  await phone.assertClean();
});

test('where guests are not let in, an invitation is the way', async () => {
  const { code } = await closed.api('POST', '/api/v1/invitations', { role: 'member' });
  const phone = await world.phone('outsider', { page: opened(closed) });
  await phone.tap('微信登录');
  await phone.agreeToPrivacy();
  await phone.sees('这里只接待受邀的人');
  await phone.tab.screenshot({ path: 'target/screenshots/guide-closed.png' });
  await phone.tap('我有邀请码');
  await phone.fill('例如 DemoStaff1', code);
  await phone.tap(button(phone, '加入'));
  await phone.at('pages/tabs/home/index');
  await phone.sees('内部会议');
  // The next silent login is of somebody who is known.
  world.loseSessions();
  await phone.restart();
  await phone.sees('还没有门票');
  await phone.assertClean();
});

test('who is turned away stays where they were, and may bind their account instead', async () => {
  const { code } = await closed.api('POST', '/api/v1/binding-codes', { userid: 'E-77' });
  const phone = await phoneAt('employee', demo);
  await phone.control('open', opened(closed));
  await phone.sees('这里只接待受邀的人');
  assert.equal((await phone.stored('session')).organization.name, '牌坊年会');
  await phone.tap('我有账号和验证码');
  await phone.fill('例如会员号或工号', 'E-77');
  await phone.fill('8 位数字', code);
  await phone.tap(button(phone, '绑定'));
  await phone.sees('账号：E-77');
  assert.equal((await phone.stored('session')).organization.name, '内部会议');
  await phone.tap(button(phone, '完成'));
  await phone.at('pages/tabs/home/index');
  await phone.sees('内部会议');
  // Unbinding ends the login there.
  await phone.go('/pages/account/profile/index');
  await phone.tap('解除绑定');
  await phone.tap('确定');
  await phone.sees('微信登录');
  assert.equal(await phone.stored('session'), '');
  await phone.assertClean();
});

test('a link binds in its own organization, wherever the person is', async () => {
  const { path } = await closed.api('POST', '/api/v1/binding-links', { userid: 'E-78' });
  const phone = await phoneAt('linked', other);
  await phone.control('open', `/${path}`);
  await phone.sees('把这个微信绑定到您的账号？');
  await phone.tap(button(phone, '绑定'));
  await phone.sees('账号：E-78');
  assert.equal((await phone.stored('session')).organization.name, '内部会议');
  await phone.assertClean();
});
