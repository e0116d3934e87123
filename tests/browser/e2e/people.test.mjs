// Who a person is: phone number, account with the business, profile, and being forgotten.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const button = (phone, name) => phone.frame.getByRole('button', { name, exact: true });
const problem = (code, status = 409) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ code }),
});

async function phoneFor(name, more = {}) {
  await world.wechatUser({ name, ...more });
  const phone = await world.phone(name);
  await phone.logIn();
  return phone;
}

test('whoever does not log in may look around, and consent is asked before a login', async () => {
  const phone = await world.phone('visitor');
  await phone.tap('先不登录，随便看看');
  await phone.sees('您还没有登录');
  await phone.tap(button(phone, '微信登录'));
  await phone.sees('欢迎使用牌坊');
  await phone.tap(button(phone, '微信登录'));
  await phone.sees('隐私保护提示');
  await phone.tap('不同意');
  await phone.sees('同意隐私保护指引后才能登录。');
  await phone.logIn();
  await phone.sees('还没有门票');
  await phone.tap('我的');
  await phone.sees('访客');
  await phone.assertClean();
});

test('the phone number is bound with the button, whatever goes wrong on the way', async () => {
  const phone = await phoneFor('dialer', { phone: '13900002222' });
  await phone.tap('我的');
  await phone.tap(phone.frame.getByRole('button', { name: '个人资料' }).first());
  await phone.tap('手机号');
  await phone.at('pages/account/phone/index');
  await phone.tap('使用微信手机号');
  await phone.tap('不允许');
  await phone.sees('您没有同意提供手机号。');
  await phone.control('setPhoneNumber', 'no quota');
  await phone.tap('使用微信手机号');
  await phone.tap('允许');
  await phone.sees('主办方的手机号验证次数已用完');
  await phone.control('setPhoneNumber', 'ok');
  for (const [code, status, said] of [
    ['phone_code_invalid', 409, '手机号确认已过期，请再点一次。'],
    ['wechat_timeout', 504, '微信没有及时答复，请再试一次。'],
  ]) {
    await phone.tab.route('**/api/v1/me/phone', (route) => route.fulfill(problem(code, status)));
    await phone.tap('使用微信手机号');
    await phone.tap('允许');
    await phone.sees(said);
    await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
  }
  await phone.tap('使用微信手机号');
  await phone.tap('允许');
  await phone.sees('手机号已绑定');
  await phone.sees('已绑定 ***2222');
  await phone.tab.screenshot({ path: 'target/screenshots/phone-done.png' });
  await phone.tap('领取这个号码的门票');
  await phone.sees('这个号码名下没有门票。');
  await world.ticket('机主', { phone: '13900002222' });
  await phone.tap('领取这个号码的门票');
  await phone.at('pages/tabs/tickets/index');
  await phone.sees('机主');
  await phone.go('/pages/account/profile/index');
  await phone.sees('***2222');

  const second = await phoneFor('second-sim', { phone: '13900002222' });
  await second.go('/pages/account/phone/index');
  await second.tap('使用微信手机号');
  await second.tap('允许');
  await second.sees('这个手机号已由另一个微信确认。');
  await phone.assertClean();
});

test('a client that gives no code for the number binds it all the same', async () => {
  const phone = await phoneFor('old-client', { phone: '13900003333' });
  await phone.control('setPhoneNumber', 'no code');
  await phone.go('/pages/account/phone/index');
  await phone.tap('使用微信手机号');
  await phone.tap('允许');
  await phone.sees('已绑定 ***3333');
  await phone.assertClean();
});

test('an account is bound by the code that the business sent, typed as it comes', async () => {
  const { code } = await world.api('POST', '/api/v1/binding-codes', { userid: 'U-1001' });
  const phone = await phoneFor('member');
  await phone.go('/pages/account/bind/index');
  await phone.tap(button(phone, '绑定'));
  await phone.sees('请填写账号。');
  await phone.fill('例如会员号或工号', ' U-1001 ');
  await phone.fill('8 位数字', '123');
  await phone.tap(button(phone, '绑定'));
  await phone.sees('验证码是 8 位数字。');
  await phone.fill('8 位数字', code === '00000000' ? '11111111' : '00000000');
  await phone.tap(button(phone, '绑定'));
  await phone.sees('验证码或链接不对、已用过或已过期');
  await phone.fill('8 位数字', `${code.slice(0, 4)} ${code.slice(4)}`);
  await phone.tap(button(phone, '绑定'));
  await phone.sees('账号：U-1001');
  await phone.tap(button(phone, '完成'));
  await phone.restart('/pages/tabs/me/index');
  await phone.sees('U-1001');

  // Another account for the same WeChat user is a conflict.
  const { code: more } = await world.api('POST', '/api/v1/binding-codes', { userid: 'U-1002' });
  await phone.go('/pages/account/bind/index');
  await phone.fill('例如会员号或工号', 'U-1002');
  await phone.fill('8 位数字', more);
  await phone.tap(button(phone, '绑定'));
  await phone.sees('不能绑定');
  await phone.tab.screenshot({ path: 'target/screenshots/bind-conflict.png' });
  await phone.tap(button(phone, '完成'));

  await phone.go('/pages/account/profile/index');
  await phone.sees('U-1001');
  await phone.tab.screenshot({ path: 'target/screenshots/profile-bound.png' });
  await phone.tap('解除绑定');
  await phone.sees('主办方不再认出这个微信是账号 U-1001');
  await phone.tap('确定');
  await button(phone, '解除绑定').waitFor({ state: 'detached' });
  assert.equal((await phone.stored('session')).known.userid, undefined);
  await phone.assertClean();
});

test('a signed link binds after a question, however it is encoded, also for who is logged out', async () => {
  for (const [number, encoded] of [
    [1, (token) => token],
    [2, (token) => encodeURIComponent(encodeURIComponent(token)).replaceAll('.', '%2E')],
  ]) {
    const { token, path } = await world.api('POST', '/api/v1/binding-links', { userid: `L-${number}` });
    const page = `/${path.replace(token, encoded(token))}`;
    const phone = await world.phone(`link-${number}`, { page });
    await phone.sees('把这个微信绑定到您的账号？');
    await phone.tap(button(phone, '绑定'));
    await phone.agreeToPrivacy();
    await phone.sees(`账号：L-${number}`);
    await phone.tap(button(phone, '完成'));
    await phone.at('pages/tabs/home/index');
    await phone.sees('还没有门票');
    await phone.assertClean();
    // It worked once.
    const thief = await world.phone(`thief-${number}`, { page });
    await thief.tap(button(thief, '绑定'));
    await thief.agreeToPrivacy();
    await thief.sees('验证码或链接不对、已用过或已过期');
  }
});

test('a person is forgotten after two questions; tickets stay with their orders', async () => {
  const ticket = await world.ticket('告别客');
  const phone = await phoneFor('leaver');
  await phone.go('/pages/tickets/claim/index');
  await phone.fill('例如 D20260001', ticket.order_code);
  await phone.fill('购票时填写的姓名或手机号', '告别客');
  await phone.tap(button(phone, '领取'));
  await phone.at('pages/tabs/tickets/index');
  const { access_token } = await phone.stored('session');
  await phone.go('/pages/account/profile/index');
  await phone.tap('删除我的数据');
  await phone.sees('门票仍属于订单');
  await phone.tap(button(phone, '删除我的数据'));
  await phone.sees('真的要删除吗？');
  await phone.tap('取消');
  await phone.tap(button(phone, '删除我的数据'));
  await phone.tap(button(phone, '删除'));
  await phone.sees('您的数据已删除');
  await phone.at('pages/tabs/home/index');
  await phone.sees('欢迎使用牌坊');
  const answer = await fetch(`${world.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(answer.status, 401);
  const kept = await phone.frame.evaluate(() => globalThis.phone.wx.getStorageInfoSync().keys);
  assert.deepEqual(kept, []);
  const { items } = await world.api('GET', `/api/v1/events/${world.event.id}/tickets?q=${ticket.order_code}`);
  assert.equal(items.length, 1);
  await phone.assertClean();
});

test('without network the profile says so, and fills itself once it is back', async () => {
  const phone = await phoneFor('offliner');
  await phone.control('setNetwork', false);
  await phone.restart('/pages/account/profile/index');
  await phone.sees('没有网络');
  await phone.control('setNetwork', true);
  await phone.sees('没有登记姓名');
  await phone.assertClean();
});
