// Every page as a picture, at both widths and in both themes: contrast, sizes of touch targets, layout, and the states
// loading, offline and error. The pictures lie in target/screenshots.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { after as afterAll, before as beforeAll, test } from 'node:test';
import { pages, phoneOf, prepare, routes } from './pages.mjs';
import { World } from './world.mjs';

const axe = createRequire(import.meta.url)('axe-core').source;
const folder = resolve(import.meta.dirname, '../../../target/screenshots');
/** CSS pixels (WCAG 2.5.5, and what WeChat's designers ask for). */
const TARGET = 44;
/** What is still good for Core Web Vitals. */
const SHIFT = 0.1;

let world;
let made;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  world = await World.start();
  made = await prepare(world);
});
afterAll(() => world?.stop());

test('the table of pages names every page', () => {
  assert.deepEqual(Object.keys(pages).sort(), [...routes].sort());
});

const url = (route) => `/${route}${pages[route].query?.(made) ?? ''}`;
const name = (route) =>
  route
    .replace(/^pages\//, '')
    .replace(/\/index$/, '')
    .replaceAll('/', '-');

async function open(phone, route) {
  await phone.restart(url(route));
  await phone.at(route);
}

/** What axe finds on the page, without the phone's own bars. */
async function violations(phone) {
  await phone.frame.evaluate(axe);
  const { violations: found } = await phone.frame.evaluate(() =>
    globalThis.axe.run('wx-page', { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa'] } }),
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
  );
}

function smallTargets(phone) {
  return phone.frame.evaluate((least) => {
    const tappable =
      'wx-page :is(wx-button, wx-navigator, wx-input input, wx-textarea, [role=button], [role=link], [role=radio])';
    return [...document.querySelectorAll(tappable)]
      .filter(
        (element) => element.checkVisibility?.({ visibilityProperty: true }) && element.getClientRects().length > 0,
      )
      .map((element) => ({
        box: (element.closest('.t-input') ?? element).getBoundingClientRect(),
        text: element.outerHTML.slice(0, 120),
      }))
      .filter(({ box }) => Math.round(box.width) < least || Math.round(box.height) < least)
      .map(({ box, text }) => `${Math.round(box.width)}×${Math.round(box.height)} ${text}`);
  }, TARGET);
}

const shift = (phone) =>
  phone.frame.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 100);
      }),
  );

const looks = [
  { width: 375, theme: 'light', lang: 'zh_CN' },
  { width: 430, theme: 'light', lang: 'zh_CN' },
  { width: 375, theme: 'dark', lang: 'zh_CN' },
  { width: 430, theme: 'dark', lang: 'zh_CN' },
  { width: 375, theme: 'light', lang: 'en' },
];

for (const look of looks) {
  const { width, theme, lang } = look;
  test(`pages at ${width} px, ${theme}, ${lang}`, async (t) => {
    const phones = {};
    for (const user of ['attendee', 'supervisor', 'newcomer', 'engineer', 'dispatcher'])
      phones[user] = await phoneOf(world, user, look);
    for (const [route, { user, filled, before, after }] of Object.entries(pages)) {
      await t.test(route, async () => {
        const phone = phones[user];
        await before?.(phone);
        await open(phone, route);
        if (lang === 'en') await phone.frame.waitForFunction(() => globalThis.phone.page().data.state !== 'loading');
        else await phone.sees(filled);
        await phone.tab.waitForTimeout(300);
        const picture = `${name(route)}-${width}-${theme}${lang === 'en' ? '-en' : ''}`;
        await phone.tab.screenshot({ path: `${folder}/${picture}.png` });
        const overflow = await phone.frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `wider than the phone by ${overflow} px`);
        assert.deepEqual(await violations(phone), []);
        assert.deepEqual(await smallTargets(phone), []);
        assert.ok((await shift(phone)) < SHIFT, 'the layout jumps');
        await phone.assertClean();
        await after?.(phone);
      });
    }
  });
}

test('verdicts as pictures', async () => {
  const phone = await phoneOf(world, 'supervisor', { width: 375 });
  const tickets = {
    admitted: await world.ticket('欧阳明珠'),
    again: made.ticket,
    refused: await world.ticket('司马长风', { status: 'canceled' }),
  };
  for (const [tone, ticket] of Object.entries(tickets)) {
    await phone.show(ticket.code);
    await phone.verdict({ tone });
    await phone.frame.evaluate(() => globalThis.phone.wx.hideToast());
    await phone.tab.screenshot({ path: `${folder}/verdict-${tone}.png` });
    assert.deepEqual(await violations(phone), []);
    assert.deepEqual(await smallTargets(phone), []);
  }
  await phone.control('setNetwork', false);
  await phone.show((await world.ticket('离线')).code);
  await phone.verdict({ tone: 'kept' });
  await phone.tab.screenshot({ path: `${folder}/verdict-kept.png` });
  assert.deepEqual(await violations(phone), []);
});

/** A sheet has slid in, and is right for everybody. */
async function assertSheet(phone, name) {
  await phone.tab.waitForTimeout(500);
  await phone.tab.screenshot({ path: `${folder}/sheet-${name}.png` });
  assert.deepEqual(await violations(phone), []);
  assert.deepEqual(await smallTargets(phone), []);
}

for (const { theme, lang } of looks.filter(({ width }) => width === 375)) {
  test(`sheets, ${theme}, ${lang}`, async () => {
    const look = `${theme}${lang === 'en' ? '-en' : ''}`;
    const fresh = await world.phone('sheets', { theme, lang });
    await fresh.tap(fresh.frame.getByRole('button', { name: /微信登录|Log in with WeChat/ }));
    await fresh.find('#agree-privacy').waitFor();
    await assertSheet(fresh, `consent-${look}`);

    const supervisor = await phoneOf(world, 'supervisor', { width: 375, theme, lang });
    await supervisor.tap(supervisor.frame.getByRole('button', { name: /^(输入短码|Short code)$/ }));
    await assertSheet(supervisor, `short-code-${look}`);
    await open(supervisor, 'pages/check-in/history/index');
    await supervisor.tap(supervisor.text(/^(作废|Annul)$/));
    await supervisor.tap(supervisor.text(/^(其他原因|Another reason|Other)/));
    await assertSheet(supervisor, `reason-${look}`);
    await supervisor.assertClean();
  });
}

test('every page that asks the server says when it is loading, out of reach, or broken', async (t) => {
  for (const [route, { user, server, filled }] of Object.entries(pages)) {
    if (!server) continue;
    await t.test(route, async () => {
      const phone = await phoneOf(world, user);
      await open(phone, route);
      await phone.sees(filled);
      // Tickets, units, orders and days that were seen are shown without the server; here nothing was.
      const unseen = async () => {
        await phone.frame.evaluate(() => {
          for (const key of ['tickets', 'units', 'own_orders', 'mileage_day']) globalThis.phone.wx.removeStorageSync(key);
        });
        await open(phone, route);
      };
      await phone.tab.route('**/server/**', () => undefined);
      await unseen();
      await phone.sees('正在加载');
      const broken = { status: 500, contentType: 'application/problem+json', body: '{"code":"internal"}' };
      await phone.tab.route('**/server/**', (request) => request.fulfill(broken));
      await unseen();
      await phone.sees('暂时打不开');
      await phone.sees('我们这边出了问题，请稍候再试。');
      await phone.tab.unrouteAll({ behavior: 'ignoreErrors' });
      await phone.tap('重试');
      await phone.sees(filled);
      await phone.control('setNetwork', false);
      await unseen();
      await phone.sees('没有网络');
      await phone.control('setNetwork', true);
      await phone.sees(filled);
    });
  }
});
