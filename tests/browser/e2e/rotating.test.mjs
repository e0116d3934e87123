// Tickets whose code the phone signs anew all the time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
let product;
before(async () => {
  world = await World.start();
  product = await world.api('POST', `/api/v1/events/${world.event.id}/products`, { name: '防截图票', rotating: true });
});
after(() => world?.stop());

async function claim(phone, ticket, name) {
  await phone.logIn();
  await phone.go('/pages/tickets/claim/index');
  await phone.fill('例如 D20260001', ticket.order_code);
  await phone.fill('购票时填写的姓名或手机号', name);
  await phone.tap(phone.frame.getByRole('button', { name: '领取', exact: true }));
  await phone.at('pages/tabs/tickets/index');
}

async function shownCode(phone) {
  const canvas = phone.frame.locator('canvas');
  await canvas.waitFor();
  let read;
  for (let attempt = 0; attempt < 50 && read === undefined; attempt += 1) read = await phone.decode(canvas);
  return read;
}

test('the shown code is signed by this phone, is let in, and moves to another phone when asked', async () => {
  await world.list('防截图');
  const ticket = await world.ticket('旋转客', { product_id: product.id });
  const first = await world.phone('attendee');
  await claim(first, ticket, '旋转客');
  await first.tap(first.text('旋转客'));
  await first.sees('二维码不断更新，截图无效');
  const code = await shownCode(first);
  const { items } = await world.api('GET', `/api/v1/events/${world.event.id}/tickets?q=${ticket.order_code}`);
  assert.ok(code.length > items[0].code.length, 'the issued code alone is not what is shown');

  // The same person takes up another phone: it does not have the key.
  const second = await world.phone('attendee');
  await second.logIn();
  await second.tap(second.text('旋转客'));
  await second.sees('这部手机暂时不能显示二维码，请向检票员出示下面的短码。');
  await second.tap('在这部手机上使用');
  const moved = await shownCode(second);
  assert.notEqual(moved, code);

  const staff = await world.phone('staff');
  await staff.takePost('防截图');
  await staff.show(code);
  const refused = await staff.verdict({ tone: 'refused' });
  assert.equal(refused[1], '门票已换票，请出示新票', 'the first phone has given the ticket away');
  await staff.nextGuest();
  await staff.show(await shownCode(second));
  await staff.verdict({ tone: 'admitted', guest: '旋转客' });
  for (const phone of [first, second, staff]) await phone.assertClean();
});

test('where the rules cannot run, the short code is shown and is let in', async () => {
  await world.list('防截图无wasm');
  const ticket = await world.ticket('短码客', { product_id: product.id });
  const with_rules = await world.phone('attendee');
  await claim(with_rules, ticket, '短码客');
  const without = await world.phone('attendee', { wasm: 'missing' });
  await without.logIn();
  await without.tap('门票');
  await without.at('pages/tabs/tickets/index');
  await without.tap(without.text('短码客'));
  await without.sees('这部手机暂时不能显示二维码，请向检票员出示下面的短码。');
  const short = (await without.find('#short-code').innerText()).replaceAll(/\s/g, '');
  const staff = await world.phone('staff');
  await staff.takePost('防截图无wasm');
  await staff.show(short);
  await staff.verdict({ tone: 'admitted', guest: '短码客' });
});
