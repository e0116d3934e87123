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

/** A picture and a film of a second, as a browser makes them, for `setAlbum`. */
export function album(phone) {
  return phone.frame.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/mp4', videoBitsPerSecond: 2e7 });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    for (let frame = 0; frame < 40; frame += 1) {
      for (let spot = 0; spot < 400; spot += 1) {
        context.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
        context.fillRect(Math.random() * 320, Math.random() * 240, 12, 12);
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await new Promise((resolve) => ((recorder.onstop = resolve), recorder.stop()));
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    await globalThis.phone.setAlbum([
      { type: 'image', dataUrl: canvas.toDataURL('image/png'), name: 'a.png' },
      { type: 'video', dataUrl: `data:video/mp4;base64,${btoa(text)}`, name: 'b.mp4', duration: 2 },
    ]);
  });
}
