// The story that a newcomer tries: two phones side by side; the one scans the code that the other shows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Phone } from './phone.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

test('an attendee shows a ticket, staff scan it, and scan it again', async () => {
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 1000 }, deviceScaleFactor: 2 });
  const tab = await context.newPage();
  await tab.goto(world.preview.url);
  const frame = async (user) => {
    const found = await tab.waitForFunction(
      (name) =>
        [...document.querySelectorAll('iframe')].findIndex((one) => one.contentWindow?.phone?.state().user === name) +
        1,
      user,
    );
    const element = (await tab.$$('iframe'))[(await found.jsonValue()) - 1];
    const phone = new Phone(await element.contentFrame());
    await phone.ready();
    return phone;
  };
  const attendee = await frame('attendee');
  const staff = await frame('staff');

  await attendee.logIn();
  await attendee.sees('还没有门票');
  await attendee.tap('领取门票');
  await attendee.at('pages/tickets/claim/index');
  await attendee.fill('例如 D20260001', 'D20260001');
  await attendee.fill('购票时填写的姓名或手机号', '王小明');
  await attendee.tap(attendee.frame.getByRole('button', { name: '领取', exact: true }));
  await attendee.at('pages/tabs/tickets/index');
  await attendee.tap('2026 年会');
  await attendee.at('pages/tickets/show/index');
  await attendee.sees('王小明');

  const canvas = attendee.frame.locator('canvas');
  await canvas.waitFor();
  const { items } = await world.api('GET', `/api/v1/events/${world.event.id}/tickets?q=D20260001`);
  let read;
  for (let attempt = 0; attempt < 50 && read === undefined; attempt += 1) read = await attendee.decode(canvas);
  assert.equal(read, items[0].code, 'the pixels on the screen hold the code of the ticket');
  const shown = (await attendee.find('#short-code').innerText()).replaceAll(/\s/g, '');
  assert.equal(shown, items[0].short_code);

  await staff.takePost('主入口', '东门');
  await staff.control('setCamera', { phone: await attendee.get('name') });
  const admitted = await staff.verdict({ tone: 'admitted' });
  assert.equal(admitted[0], '请进');
  assert.ok(admitted.includes('王小明') && admitted.some((line) => line.startsWith('普通票')), admitted.join());
  await staff.heard('admitted.wav');
  assert.equal((await staff.get('vibrations')).length, 1);

  await staff.find('#verdict').waitFor();
  await staff.tap('再扫一次');
  const again = await staff.verdict({ tone: 'again' });
  assert.equal(again[0], '已入场');
  assert.ok(
    again.some((line) => line.includes('上次进场') && line.includes('东门')),
    again.join(),
  );
  await staff.heard('again.wav');

  await staff.nextGuest();
  await staff.tap('记录');
  await staff.at('pages/check-in/history/index');
  await staff.sees('这张票已经入过场');
  assert.equal(await staff.frame.getByText('王小明 · 普通票').count(), 2);
  await attendee.assertClean();
  await staff.assertClean();
  await context.close();
});
