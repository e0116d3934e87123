// What tests of engineers and dispatchers share: phones of people with a role, where they stand, orders for them.
import { move, person, report, unit } from './service.mjs';

/** Where the units of these tests stand, GCJ-02. */
export const SITE = { latitude: 31.2304, longitude: 121.4737 };
/** Some 90 m, and some 9 km away from there. */
export const NEAR = { latitude: 31.2312, longitude: 121.4737 };
export const FAR = { latitude: 31.3104, longitude: 121.4737 };

/** Puts a phone somewhere. */
export function stand(phone, { latitude, longitude }, accuracy = 15) {
  return phone.control('setPosition', { latitude, longitude, accuracy, datum: 'gcj02' });
}

/** The phone of somebody with a role, who has allowed what WeChat asks for. */
export async function phoneWith(world, user, role, options) {
  const made = await person(world, user, role);
  const phone = await world.phone(user, options);
  await phone.logIn();
  for (const scope of ['scope.userLocation', 'scope.camera']) await phone.control('permit', scope, true);
  await stand(phone, NEAR);
  return Object.assign(phone, { person: made });
}

/** A unit that stands at the site, and an order for it. */
export async function orderFor(world, serial_number, more = {}) {
  const made = await unit(world, serial_number, { position: SITE, address: '张江路 88 号', ...more });
  const order = await report(world, made.code, world.admin, { contact: { name: '李经理', phone: '13800138000' } });
  return { unit: made, order, now: () => world.api('GET', `/api/v1/work-orders/${order.id}`) };
}

/** The page of an order, for who does it. */
export const orderPage = (id) => `/pages/field/order/index?id=${id}`;

/** The visits of an order, as the server knows them. */
export const visitsOf = async (world, id) => (await world.api('GET', `/api/v1/work-orders/${id}/visits`)).items;

/** Gives an order to the engineer of a phone, and opens it there. */
export async function assigned(world, phone, order) {
  await move(world, order.id, 'assign', { engineer_id: phone.person.id });
  await phone.restart(orderPage(order.id));
  await phone.sees('已派工');
}

/** Checks in, from the page of an order, where its unit stands. */
export async function checkIn(phone) {
  await phone.tap(button(phone, '开始上门'));
  await phone.at('pages/field/visit/index');
  await phone.sees('在现场');
  await phone.tap(button(phone, '签到'));
  await phone.sees('做了什么');
}

/** Waits until everything that this phone wrote down is with the server; pages show it as made before that. */
export const allSent = (phone) =>
  phone.frame.waitForFunction(() => (globalThis.phone.wx.getStorageSync('field_acts') || []).length === 0);

/** Starts a day, and ends it where there is a second place; answers which day it is. */
export async function dayOf({ id, api }, places) {
  let day;
  for (const [number, place] of places.entries()) {
    const at = new Date(Date.now() - (places.length - number) * 1000).toISOString();
    const fix = { ...place, accuracy: 20, source: 'gps', fixed_at: at };
    const kind = number === 0 ? 'start' : 'end';
    const point = { point_key: `day-${id.slice(-12)}-${kind}`, kind, at, sent_at: at, fix, offline: false };
    ({ day } = await api('POST', '/api/v1/me/day-points', point));
  }
  return day;
}

/** Takes a photo with the button of that name, the first of its grid. */
export async function photograph(phone, name) {
  await phone.frame.evaluate(() =>
    globalThis.phone.setAlbum([
      { type: 'image', dataUrl: document.createElement('canvas').toDataURL(), name: 'a.png' },
    ]),
  );
  await phone.tap(button(phone, name));
  await phone.frame.getByRole('button', { name: '第 1 张，照片' }).first().waitFor();
}

/** A button that can be seen, by its whole name. */
export const button = (phone, name) => phone.visible(phone.frame.getByRole('button', { name, exact: true }));

/** Signs on the canvas, as with a finger. */
export async function sign(phone) {
  const box = await phone.frame.locator('canvas').boundingBox();
  const at = (share) => [
    box.x + box.width * (0.2 + 0.6 * share),
    box.y + box.height * (0.5 + 0.2 * Math.sin(share * 9)),
  ];
  await phone.tab.mouse.move(...at(0));
  await phone.tab.mouse.down();
  for (let step = 1; step <= 30; step += 1) await phone.tab.mouse.move(...at(step / 30));
  await phone.tab.mouse.up();
}

/** A picture in front of the camera, so that one can be taken. */
export function showScene(phone) {
  return phone.frame.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#486';
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = '#fff';
    pen.fillRect(60, 60, 80, 80);
    return globalThis.phone.setCamera({ image: canvas.toDataURL('image/png') });
  });
}
