// The pages of engineers and dispatchers in the table of pages, and what they show.
import { dayOf, FAR, NEAR, orderFor, stand } from './field.mjs';
import { move, person } from './service.mjs';

/** Something that was refused, on the phone of whoever is logged in. */
function keepAct(phone) {
  return phone.frame.evaluate(() => {
    const { wx } = globalThis.phone;
    const { organization, person_id } = wx.getStorageSync('session');
    const order = { id: 'none', number: '261121-7KQ2M', model: 'HL-2200 螺杆空压机' };
    const owner = { organization_id: organization.id, person_id };
    const act = { ...owner, key: 'refused', lane: 'order:none', files: [], made_at: Date.now(), ahead: 0, version: 3 };
    const refused = { code: 'version_stale' };
    wx.setStorageSync('field_acts', [{ ...act, kind: 'move', order, move: 'set_out', fields: {}, refused }]);
  });
}

const forgetActs = (phone) => phone.frame.evaluate(() => globalThis.phone.wx.removeStorageSync('field_acts'));

export const fieldPages = {
  'pages/field/nearby/index': { user: 'engineer', query: () => '?tab=mine', filled: 'F-PAGES', server: true },
  'pages/field/order/index': {
    user: 'engineer',
    query: (made) => `?id=${made.assigned.id}`,
    filled: '上门记录',
    server: true,
  },
  'pages/field/visit/index': {
    user: 'engineer',
    query: (made) => `?id=${made.assigned.id}`,
    filled: '现在的位置',
    server: true,
  },
  'pages/field/signature/index': { user: 'engineer', filled: '请在框内签名。横过手机更宽。' },
  'pages/field/day/index': { user: 'engineer', filled: /^合计/, server: true },
  'pages/field/mileage/index': { user: 'engineer', filled: /段路/, server: true },
  'pages/field/waiting/index': { user: 'engineer', before: keepAct, filled: '没有被接受', after: forgetActs },
  'pages/dispatch/orders/index': { user: 'dispatcher', filled: 'F-PAGES', server: true },
  'pages/dispatch/order/index': {
    user: 'dispatcher',
    query: (made) => `?id=${made.assigned.id}`,
    filled: '经过',
    server: true,
  },
  'pages/dispatch/registrations/index': { user: 'dispatcher', filled: '核实', server: true },
  'pages/dispatch/approvals/index': { user: 'dispatcher', filled: '等待审批的里程。', server: true },
};

/** An engineer with an order and a day, another one whose day waits for approval, and a dispatcher. */
export async function prepareField(world) {
  const engineer = await person(world, 'engineer', 'engineer');
  const colleague = await person(world, 'colleague', 'engineer');
  await person(world, 'dispatcher', 'dispatcher');
  const { order } = await orderFor(world, 'F-PAGES-1', { model: 'F-PAGES 冷水机' });
  const assigned = await move(world, order.id, 'assign', { engineer_id: engineer.id });
  await orderFor(world, 'F-PAGES-2', { model: 'F-PAGES 冷水机' });
  await dayOf(engineer, [FAR]);
  const day = await dayOf(colleague, [FAR, NEAR]);
  await colleague.api('POST', `/api/v1/mileage-days/me/${day}/submit`);
  return { assigned };
}

/** The phone of an engineer or dispatcher, logged in, who has allowed the position. */
export async function fieldPhone(world, user, options) {
  const phone = await world.phone(user, options);
  await phone.logIn();
  await phone.control('permit', 'scope.userLocation', true);
  await stand(phone, NEAR);
  return phone;
}
