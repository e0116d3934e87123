// Logs in the people of the demo and prints what to try, as commands that work when pasted.
// Usage: node welcome.mjs SERVER SIMULATOR PREVIEW DATA_FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [server, simulator, preview, folder] = process.argv.slice(2);
const appid = 'wx00000000000000d0';

async function call(method, url, { token, body } = {}) {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const document = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${JSON.stringify(document)}`);
  return document;
}

async function ready(url) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const up = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${url} does not answer`);
}

async function logIn(user, invitation_code) {
  const { code } = await call('POST', `${simulator}/_sim/codes`, { body: { appid, user } });
  const session = await call('POST', `${server}/api/v1/sessions`, { body: { appid, code, invitation_code } });
  writeFileSync(join(folder, `${user}.token`), session.access_token, { mode: 0o600 });
  return session.access_token;
}

await Promise.all([ready(`${server}/readyz`), ready(`${simulator}/_sim/calls`), ready(preview)]);
const staff = await logIn('staff', 'DemoStaff1');
await logIn('supervisor', 'DemoSuper1');
const attendee = await logIn('attendee');
const claim = { order_code: 'D20260001', attendee_name: '王小明' };
const { items: tickets } = await call('POST', `${server}/api/v1/me/tickets/claim`, { token: attendee, body: claim });
const [ticket] = tickets;
const { items: lists } = await call('GET', `${server}/api/v1/events/${ticket.event.id}/check-in-lists`, {
  token: staff,
});
const { items: keys } = await call('GET', `${server}/api/v1/events/${ticket.event.id}/keys`, { token: staff });
const list = `${server}/api/v1/check-in-lists/${lists[0].id}`;

const as = (user) => `-H "Authorization: Bearer $(cat ${join(folder, `${user}.token`)})"`;
const scan = (code) =>
  `curl -s ${as('staff')} -H 'Content-Type: application/json' ${list}/check-ins -d "{\\"code\\":\\"${code}\\",\\"gate\\":\\"东门\\",\\"nonce\\":\\"demo-$(date +%s%N)\\"}"`;

process.stdout.write(`
牌坊 Paifang is running.
  Try it     ${preview}   (the mini program: an attendee's phone beside one of the staff)
  API        ${server}   (document: ${server}/openapi.json, health: ${server}/readyz, metrics: ${server}/metrics)
  Simulator  ${simulator}   (stands in for WeChat)
  Data       ${folder}

In the browser:

1. On the left phone tap 微信登录 (log in) and 同意 (agree). The ticket of 王小明 is there; tap it, and its QR code is shown.
2. On the right phone tap 微信登录 and 同意, then 选择检票点 (choose a post): 主入口, 东门, 开始检票 (start scanning);
   allow the camera. It looks at the left phone: green, 请进.
3. Tap 再扫一次 (scan again), on the green screen or below the camera, and see why the ticket is refused now.
   Beside the phones are network, theme, language, and who uses the phone: "supervisor" may force and annul.

Over HTTP, in another terminal, from this folder:

4. Staff scan the same ticket by its short code:
   ${scan(ticket.short_code)}

5. Live numbers, as the supervisor sees them:
   curl -s ${as('supervisor')} ${list}/stats

6. The ticket's signature, checked by the wasm core of the mini program under Node:
   echo '${JSON.stringify([{ name: 'read_code', input: { code: ticket.code, keys } }])}' | node tests/wasm/answer.mjs

Ctrl-C stops everything.
`);
