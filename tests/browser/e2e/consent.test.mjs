// Who has not agreed to the privacy guide is asked on every page that copies something.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { button, report, unit, write } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const clipboard = async (phone) => (await phone.frame.evaluate(() => globalThis.phone.wx.getClipboardData())).data;

test('a stranger who follows a link copies it, once they have agreed', async () => {
  const made = await unit(world, 'C-FOLLOW-1');
  const { follow } = await report(world, made.code, null, { contact: { phone: '13800138000' } });
  const phone = await world.phone('link-holder');
  await phone.restart(`/pages/service/follow/index?code=${follow.code}`);
  await phone.tap(button(phone, '复制链接'));
  await phone.tap(phone.find('#agree-privacy'));
  await phone.sees('内容已复制');
  assert.equal(await clipboard(phone), follow.url);
  await phone.assertClean();
});

test('the page of a report asks also after it has asked for a position', async () => {
  const made = await unit(world, 'C-REPORT-1');
  const phone = await world.phone('changer');
  await phone.restart(`/pages/service/report/index?code=${made.code}`);
  await write(phone, { number: '13800138000' });
  await phone.control('setNetwork', false);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('已保存，等待网络');
  await phone.tap(button(phone, '修改'));
  await phone.control('setNetwork', true);
  await phone.tap(button(phone, '提交报修'));
  await phone.sees('报修已提交');
  await phone.tap(button(phone, '复制链接'));
  await phone.tap(phone.find('#agree-privacy'));
  await phone.sees('内容已复制');
  assert.match(await clipboard(phone), /\/f\//);
  await phone.assertClean();
});
