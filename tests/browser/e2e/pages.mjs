// Every page of the mini program, and how a phone gets there.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fieldPages, fieldPhone, prepareField } from './field-pages.mjs';
import * as service from './service.mjs';

export const app = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../miniprogram/app.json'), 'utf8'));

/** All routes of app.json. */
export const routes = [
  ...app.pages,
  ...app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`)),
];

/** A scan that waits: the page asks what is to become of it. */
function keepScan(phone) {
  return phone.frame.evaluate(() => {
    const { wx } = globalThis.phone;
    const { organization } = wx.getStorageSync('session');
    const scan = { nonce: 'waits-000000000000', organization_id: organization.id, list_id: 'none', code: 'X' };
    wx.setStorageSync('waiting_scans', [{ ...scan, direction: 'entry', scanned_at: Date.now() }]);
  });
}

/** Who opens the page, with what, and which of its words show that it is filled. `server`: it shows something from there. */
export const pages = {
  'pages/tabs/home/index': { user: 'supervisor', filled: '主管', server: true },
  'pages/tabs/tickets/index': { user: 'attendee', filled: '王小明 · 普通票', server: true },
  'pages/tabs/me/index': { user: 'attendee', filled: '退出登录' },
  'pages/tickets/show/index': {
    user: 'attendee',
    query: (made) => `?id=${made.ticket.id}`,
    filled: '王小明',
    server: true,
  },
  'pages/tickets/claim/index': { user: 'attendee', filled: '按订单领取' },
  'pages/check-in/enroll/index': { user: 'attendee', filled: '输入主管给您的邀请码。' },
  'pages/check-in/post/index': { user: 'supervisor', filled: '贵宾厅', server: true },
  'pages/check-in/scan/index': { user: 'supervisor', filled: '对准门票二维码' },
  'pages/check-in/history/index': { user: 'supervisor', filled: '全部记录', server: true },
  'pages/check-in/numbers/index': { user: 'supervisor', filled: '到场率', server: true },
  'pages/supervision/refusals/index': { user: 'supervisor', filled: '最近被拒绝', server: true },
  'pages/supervision/devices/index': { user: 'supervisor', filled: '正在检票', server: true },
  'pages/service/unit/index': {
    user: 'attendee',
    query: (made) => `?scene=${encodeURIComponent(`u=${made.unit.code}`)}`,
    filled: '正在处理的报修',
    server: true,
  },
  'pages/service/report/index': {
    user: 'attendee',
    query: (made) => `?code=${made.unit.code}`,
    filled: '故障类型',
    server: true,
  },
  'pages/service/orders/index': { user: 'attendee', filled: 'HL-2200', server: true },
  'pages/service/order/index': {
    user: 'attendee',
    query: (made) => `?id=${made.order.id}`,
    filled: '处理记录',
    server: true,
  },
  'pages/service/follow/index': {
    user: 'attendee',
    query: (made) => `?code=${made.follow.code}`,
    filled: '处理记录',
    server: true,
  },
  'pages/service/units/index': { user: 'attendee', filled: '位置待核实', server: true },
  'pages/service/register/index': { user: 'attendee', filled: '在地图上选' },
  'pages/account/welcome/index': { user: 'newcomer', filled: '微信登录' },
  'pages/account/phone/index': { user: 'attendee', filled: '还没有绑定手机号' },
  'pages/account/bind/index': { user: 'attendee', filled: '8 位数字' },
  'pages/account/profile/index': { user: 'attendee', filled: '没有登记姓名', server: true },
  'pages/account/switch/index': {
    user: 'supervisor',
    query: () => '?to=o%3Delsewhere',
    before: keepScan,
    filled: '切换机构？',
    after: (phone) => phone.frame.evaluate(() => globalThis.phone.wx.removeStorageSync('waiting_scans')),
  },
  'pages/account/forget/index': { user: 'attendee', filled: '删除后无法恢复。' },
  'pages/account/privacy/index': { user: 'attendee', filled: '微信身份' },
  'pages/account/stored/index': { user: 'attendee', filled: '登录状态' },
  ...fieldPages,
};

/** Some life for the pages: a ticket that is held, entries at two gates, refusals. */
export async function prepare(world) {
  const [list] = world.lists;
  const ticket = (await world.api('GET', `/api/v1/events/${world.event.id}/tickets?q=D20260001`)).items[0];
  const codes = (await world.api('GET', `/api/v1/events/${world.event.id}/tickets?limit=60`)).items;
  for (const [number, { code }] of codes.entries()) {
    const body = {
      code,
      nonce: `pages-${String(number).padStart(12, '0')}`,
      gate: number % 3 ? '东门' : '西门',
      device_id: number % 3 ? 'a1b2' : 'c3d4',
    };
    await world.api('POST', `/api/v1/check-in-lists/${list.id}/check-ins`, body);
  }
  for (const [number, code] of [codes[0].code, codes[1].code, 'https://example.com'].entries()) {
    const body = { code, nonce: `pages-refused-${number}00`, gate: '东门', device_id: 'a1b2' };
    await world.api('POST', `/api/v1/check-in-lists/${list.id}/check-ins`, body);
  }
  return { ticket, ...(await prepareService(world)), ...(await prepareField(world)) };
}

/** A unit that somebody has registered, with an order of theirs that waits for a word of theirs, and a stranger's. */
async function prepareService(world) {
  const unit = await service.unit(world, 'HL2200-0042', { address: '张江路 88 号', warranty_until: '2030-03-17' });
  const engineer = await service.person(world, 'engineer', 'engineer');
  const access = await service.token(world, 'attendee');
  const register = { serial_number: 'HL2200-0042', position: { latitude: 31.2304, longitude: 121.4737 } };
  await world.api('POST', '/api/v1/me/equipment', register, access);
  const contact = { name: '王师傅', phone: '13800138000' };
  const order = await service.report(world, unit.code, access, { contact });
  await service.finish(world, order.id, engineer);
  const open = await service.report(world, unit.code, undefined, { contact, separate: true });
  return { unit, order, follow: open.follow };
}

/** A phone whose person is logged in, holds the demo's ticket or stands at a post. */
export async function phoneOf(world, user, options) {
  if (user === 'engineer' || user === 'dispatcher') return fieldPhone(world, user, options);
  const phone = await world.phone(user, options);
  // Somebody who has not logged in.
  if (user === 'newcomer') return phone;
  if (user === 'supervisor') await phone.takePost('主入口', '东门', 'DemoSuper1');
  else {
    await phone.logIn();
    await phone.go('/pages/tickets/claim/index');
    await phone.fill(/D20260001/, 'D20260001');
    await phone.fill(/购票时填写的|As given/, '王小明');
    await phone.tap(phone.frame.getByRole('button', { name: /^(领取|Claim)$/ }));
    await phone.at('pages/tabs/tickets/index');
  }
  return phone;
}
