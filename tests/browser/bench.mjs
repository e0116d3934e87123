// Measures the mini program in Chromium against the released server, and prints one table. Run by scripts/bench.
import { World } from './e2e/world.mjs';

const STARTS = 15;
const SCANS = 200;

const sorted = (values) => [...values].sort((one, other) => one - other);
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];
const row = (what, values) =>
  console.log(`| ${what} | ${values.length} | ${at(values, 0.5).toFixed(1)} | ${at(values, 0.95).toFixed(1)} |`);

/** Loads the rules as the mini program does, fetching included; each time a new instance. */
const initialise = (phone) =>
  phone.frame.evaluate(async () => {
    const source = await (await fetch('/package/core/generated/core.js')).text();
    const host = {
      instantiate: async (path, imports) =>
        WebAssembly.instantiate(await (await fetch(`/package${path}`)).arrayBuffer(), imports),
    };
    const module = { exports: {} };
    new Function('module', 'WXWebAssembly', source)(module, host);
    const begin = performance.now();
    await module.exports.init('/core/generated/core.wasm.br');
    return performance.now() - begin;
  });

/** From opening the address to the first picture, and to the first page being ready. */
const start = async (phone) => {
  await phone.tab.reload();
  await phone.ready();
  return phone.frame.evaluate(() => ({
    drawn: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    ready: performance.now(),
  }));
};

/** From showing the next code to its being judged, and from then to the verdict on the screen. */
const scan = (phone, code) =>
  phone.frame.evaluate(async (shown) => {
    const { phone: mine } = globalThis;
    const before = mine.calls.length;
    const drawn = new Promise((done) => {
      const guest = () => document.querySelector('#verdict .guest')?.textContent;
      const last = guest();
      const watch = new MutationObserver(() => {
        if (guest() === undefined || guest() === last) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const held = performance.timeOrigin + performance.now();
    mine.setCamera({ text: shown });
    const end = await drawn;
    // The first thing that a scan does is to look whether the code waits already.
    const begin = mine.calls
      .slice(before)
      .find(({ name, arg }) => name === 'getStorageSync' && arg === 'waiting_scans');
    return { judged: begin.at - held, verdict: end - begin.at };
  }, code);

/** The same check-in as a bare request from the same browser, through the same proxy. */
const bare = (phone, list, code, token) =>
  phone.frame.evaluate(
    async ([path, body, bearer]) => {
      const begin = performance.now();
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
      const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if ((await answer.json()).status !== 'ok') throw new Error('the check-in was refused');
      return performance.now() - begin;
    },
    [`/server/api/v1/check-in-lists/${list}/check-ins`, { code, nonce: crypto.randomUUID() }, token],
  );

const world = await World.start();
try {
  const guests = Array.from({ length: SCANS }, (_, number) => `客人 ${number}`);
  const tickets = [];
  for (const guest of guests) tickets.push(await world.ticket(guest));
  const [scanned, direct] = [await world.list('scanned'), await world.list('direct')];
  const phone = await world.phone('staff');
  const starts = [];
  for (let turn = 0; turn < STARTS; turn += 1) starts.push(await start(phone));
  const inits = [];
  for (let turn = 0; turn < STARTS; turn += 1) inits.push(await initialise(phone));
  await phone.takePost(scanned.name);
  const [readiness, through, without] = [[], [], []];
  for (const { code } of tickets) {
    const { judged, verdict } = await scan(phone, code);
    readiness.push(judged);
    through.push(verdict);
    without.push(await bare(phone, direct.id, code, world.admin));
  }
  console.log('| in Chromium, against the local server | number | p50 ms | p95 ms |');
  console.log('| --- | ---: | ---: | ---: |');
  row('wasm `init`, fetched from the package', inits);
  row(
    'from opening the mini program to the first picture',
    starts.map(({ drawn }) => drawn),
  );
  row(
    'from opening the mini program to a ready first page',
    starts.map(({ ready }) => ready),
  );
  row('from holding up the next code, while a verdict is shown, to its being judged', readiness);
  row("from the camera's report to the verdict on the screen", through);
  row('of that, the bare request', without);
  const ratio = at(through, 0.5) / at(without, 0.5);
  console.log(
    `\nScan to verdict takes ${ratio.toFixed(2)} times the bare request (p50). ${scanned.name}: ${await entered(scanned)} entered.`,
  );
} finally {
  await world.stop();
}

async function entered(list) {
  return (await world.api('GET', `/api/v1/check-in-lists/${list.id}/stats`)).entered;
}
