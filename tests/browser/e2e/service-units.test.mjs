// Units of another organization than the one where somebody is logged in, and another unit than the one scanned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { button, customer, report, unit } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const unitPage = (made) => `/pages/service/unit/index?code=${made.code}`;

test('whoever has scanned one unit may register another, by its bar code or by typing its serial number', async () => {
  const [scanned, other, third] = [
    await unit(world, 'SN-TWO-1'),
    await unit(world, 'SN-TWO-2', { model: 'HL-3300' }),
    await unit(world, 'SN-TWO-3'),
  ];
  const phone = await customer(world, 'two-units');
  const register = () => phone.tap(button(phone, '登记'));
  const page = `/pages/service/register/index?code=${scanned.code}`;
  await phone.restart(page);
  await phone.sees('HL-2200 螺杆空压机');
  await phone.show(other.serial_number);
  await phone.tap(button(phone, '扫描标牌'));
  await phone.frame.waitForFunction(() => globalThis.phone.page().data.serial_number === 'SN-TWO-2');
  assert.equal(await phone.frame.getByText('HL-2200 螺杆空压机').count(), 0, 'it is not that unit any more');
  await register();
  await phone.sees('登记成功');
  await phone.sees('HL-3300');

  await phone.restart(page);
  await phone.sees('HL-2200 螺杆空压机');
  await phone.fill('输入序列号', third.serial_number);
  await register();
  await phone.sees('扫描的设备没有这个序列号。');
  await register();
  await phone.sees('登记成功');
  await phone.assertClean();
});

test('a unit elsewhere leads to its login, and offers nothing that would be refused', async () => {
  const here = await unit(world, 'SN-HERE-1');
  const phone = await customer(world, 'between');
  const contact = { phone: '13800138000' };
  const own = await report(world, here.code, undefined, { contact });

  // From now on two organizations share the mini program, so this comes last.
  const other = await world.organization('units-elsewhere', '别处服务');
  const there = await unit(world, 'SN-THERE-1', {}, other.api);
  const theirs = await report(world, there.code, null, { contact });
  const settings = await other.api('GET', '/api/v1/service-settings');
  await phone.restart(unitPage(there));
  await phone.sees(theirs.number);
  await button(phone, '补充说明').waitFor();
  await other.api('PUT', '/api/v1/service-settings', { ...settings, report_by: 'member' });
  await phone.control('pullDown');
  await phone.sees('登录后可以报修。');
  assert.equal(await button(phone, '补充说明').count(), 0);

  await phone.restart(`/pages/service/follow/index?code=${theirs.follow.code}`);
  await button(phone, '复制链接').waitFor();
  assert.equal(await button(phone, '归到我名下').count(), 0);
  await phone.restart(`/pages/service/follow/index?code=${own.follow.code}`);
  await button(phone, '归到我名下').waitFor();

  await phone.restart(unitPage(there));
  await phone.tap(button(phone, '微信登录'));
  await phone.sees('只有会员可以报修。');
  await phone.at('pages/service/unit/index');
  assert.equal((await phone.stored('session')).organization.id, other.id);
  assert.equal((await phone.data()).elsewhere, '');
  await phone.assertClean();
});
