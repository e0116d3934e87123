// What tests of equipment and work orders share: units, people by their tokens, and an order on its way.
import { APPID } from './processes.mjs';

/** A unit of the demo organization, or of the one whose `api` is given. */
export function unit(world, serial_number, more = {}, api = world.api.bind(world)) {
  const body = { serial_number, model: 'HL-2200 螺杆空压机', site: '三号厂房', ...more };
  return api('POST', '/api/v1/equipment', body);
}

/** The access token of a WeChat user who logs in, as a phone would. */
export async function token(world, user, invitation_code) {
  const asked = await fetch(`${world.simulator.url}/_sim/codes`, {
    method: 'POST',
    body: JSON.stringify({ appid: APPID, user }),
  });
  const { code } = await asked.json();
  const body = { appid: APPID, code, ...(invitation_code && { invitation_code }) };
  const { access_token } = await world.api('POST', '/api/v1/sessions', body);
  return access_token;
}

/** Somebody with a role: id, token, and calls as them. */
export async function person(world, user, role) {
  await world.wechatUser({ name: user });
  const { code } = await world.api('POST', '/api/v1/invitations', { role });
  const access = await token(world, user, code);
  const api = (method, path, body) => world.api(method, path, body, access);
  const { id } = await api('GET', '/api/v1/me');
  return { id, token: access, api };
}

/** Makes a move, at the version that the order has now. */
export async function move(world, id, name, fields = {}, api = world.api.bind(world)) {
  const { version } = await world.api('GET', `/api/v1/work-orders/${id}`);
  return api('POST', `/api/v1/work-orders/${id}/moves`, { move: name, version, ...fields });
}

/** Lets an engineer do the work, until the customer has to confirm. */
export async function finish(world, id, engineer) {
  await move(world, id, 'assign', { engineer_id: engineer.id });
  for (const name of ['set_out', 'arrive']) await move(world, id, name, {}, engineer.api);
  return move(world, id, 'finish', { text: '更换主轴承，试机正常。' }, engineer.api);
}

/** Reports a fault as somebody who has logged in; as a stranger without `access`. */
export function report(world, code, access, more = {}) {
  const draft_id = `test-${Math.random().toString(36).slice(2).padEnd(16, '0')}`;
  const body = {
    draft_id,
    equipment_code: code,
    fault_type: 'no_power',
    text: '按开关没有反应。',
    contact: {},
    ...more,
  };
  return world.api('POST', '/api/v1/work-orders', body, access ?? null);
}

export const button = (phone, name) => phone.visible(phone.frame.getByRole('button', { name, exact: true }));

/** Fills in the page of a report. */
export async function write(phone, { fault = '异响或漏液', text = '启动后有异响。', number } = {}) {
  await phone.at('pages/service/report/index');
  const known = phone.visible(phone.frame.getByRole('radio', { name: fault }));
  await phone.tap((await known.count()) > 0 ? known : phone.visible(phone.frame.getByRole('radio')));
  await phone.visible(phone.frame.locator('textarea')).fill(text);
  if (number) await phone.fill('必填', number);
}

/** The phone of somebody who has logged in. */
export async function customer(world, name) {
  await world.wechatUser({ name });
  const phone = await world.phone(name);
  await phone.logIn();
  return phone;
}

const bytes32 = (...numbers) => {
  const buffer = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => buffer.writeUInt32BE(number, index * 4));
  return buffer;
};
const box = (kind, ...content) => {
  const body = Buffer.concat(content);
  return Buffer.concat([bytes32(body.length + 8), Buffer.from(kind, 'latin1'), body]);
};

/** An MP4 of some seconds (ISO/IEC 14496-12) with one sample of `size` bytes, as the server reads it: nobody plays it. */
export function film(seconds, size) {
  const ftyp = box('ftyp', Buffer.from('isom'), bytes32(0), Buffer.from('isom'));
  const sample = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4096) sample.writeUInt32BE(at, at);
  const head = Buffer.alloc(100);
  bytes32(600, seconds * 600).copy(head, 12);
  const track = Buffer.alloc(84);
  bytes32(0x10000).copy(track, 40);
  bytes32(640 << 16, 480 << 16).copy(track, 76);
  const tables = box(
    'stbl',
    box('stsc', bytes32(0, 1, 1, 1, 1)),
    box('stsz', bytes32(0, 0, 1, size)),
    box('stco', bytes32(0, 1, ftyp.length + 8)),
  );
  const handler = box('hdlr', bytes32(0, 0), Buffer.from('vide'), Buffer.alloc(13));
  const media = box('mdia', handler, box('minf', tables));
  return Buffer.concat([
    ftyp,
    box('mdat', sample),
    box('moov', box('mvhd', head), box('trak', box('tkhd', track), media)),
  ]);
}

/** Puts a picture and a film into the album, from where `chooseMedia` takes them. */
export async function album(phone) {
  const dataUrl = `data:video/mp4;base64,${film(2, 3_000_000).toString('base64')}`;
  await phone.frame.evaluate(async (video) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context = canvas.getContext('2d');
    context.fillStyle = '#2b7';
    context.fillRect(40, 40, 200, 120);
    await globalThis.phone.setAlbum([
      { type: 'image', dataUrl: canvas.toDataURL('image/png'), name: 'a.png' },
      { type: 'video', dataUrl: video, name: 'b.mp4', duration: 2 },
    ]);
  }, dataUrl);
}
