// The rights of the user: consent, language, logging out, what the phone keeps; and claiming by phone number.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

test('tickets are claimed with the phone number that WeChat confirms', async () => {
  const user = { name: 'phone-owner', phone: '13900001111' };
  await world.wechatUser(user);
  await world.ticket('机主', { phone: '13900001111' });
  const owner = await world.phone('phone-owner');
  await owner.logIn();
  await owner.go('/pages/tickets/claim/index');
  await owner.tap('使用微信手机号');
  await owner.tap('不允许');
  await owner.sees('没有获得手机号，您仍可以按订单领取。');
  await owner.tap('使用微信手机号');
  await owner.tap('允许');
  await owner.at('pages/tabs/tickets/index');
  await owner.sees('机主');
});

test('wrong claims are explained', async () => {
  const attendee = await world.phone('attendee');
  await attendee.logIn();
  await attendee.go('/pages/tickets/claim/index');
  await attendee.tap(attendee.frame.getByRole('button', { name: '领取', exact: true }));
  await attendee.sees('请填写订单号，以及姓名或手机号。');
  await attendee.fill('例如 D20260001', 'D20260001');
  await attendee.fill('购票时填写的姓名或手机号', '别人');
  await attendee.tap(attendee.frame.getByRole('button', { name: '领取', exact: true }));
  await attendee.sees('没有找到门票。请检查订单号、姓名或手机号是否与购票时一致。');
  await attendee.assertClean();
});

test('the language follows the phone, and can be chosen', async () => {
  const phone = await world.phone('attendee', { lang: 'en' });
  await phone.sees('Welcome to Paifang');
  await phone.logIn();
  await phone.sees('No tickets yet');
  await phone.tap('Me');
  await phone.tap('Language / 语言');
  await phone.tap('中文');
  await phone.sees('我有邀请码');
  await phone.go('/pages/tickets/claim/index');
  await phone.sees('按订单领取');
  await phone.restart();
  await phone.sees('还没有门票');
});

test('staff are answered in English too', async () => {
  await world.list('English', {});
  const ticket = await world.ticket('Ada', { status: 'canceled' });
  const staff = await world.phone('staff', { lang: 'en' });
  await staff.takePost('English');
  await staff.show(ticket.code);
  const seen = await staff.verdict({ tone: 'refused' });
  assert.deepEqual(seen.slice(0, 3), ['No entry', 'The ticket was canceled', 'Ada']);
  assert.ok(!/[\u4e00-\u9fff]/.test(seen.filter((line) => !line.includes('普通票')).join()), seen.join());
  await staff.assertClean();
});

test('logging out forgets the person here and on the server', async () => {
  const phone = await world.phone('attendee');
  await phone.logIn();
  const session = await phone.frame.evaluate(() => globalThis.phone.wx.getStorageSync('session'));
  await phone.tap('我的');
  await phone.tap(phone.frame.getByRole('button', { name: '退出登录' }));
  await phone.tap('确定');
  await phone.sees('还没有登录');
  const answer = await fetch(`${world.server.url}/api/v1/me`, {
    headers: { authorization: `Bearer ${session.access_token}` },
  });
  assert.equal(answer.status, 401);
  await phone.restart();
  await phone.sees('欢迎使用牌坊');
});

test('what the phone keeps is listed and can be cleared', async () => {
  const phone = await world.phone('attendee');
  await phone.logIn();
  await phone.sees('还没有门票');
  await phone.go('/pages/account/stored/index');
  await phone.sees('登录状态');
  await phone.tap('全部清除');
  await phone.tap('确定');
  await phone.sees('这部手机上没有保存任何内容');
  await phone.go('/pages/account/privacy/index');
  await phone.sees('微信身份');
  await phone.assertClean();
});
