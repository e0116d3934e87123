// Everything that an end-to-end test stands on: the real server with the demo event, the simulator, the preview, and
// phones in a real browser.
import { launch } from '../chromium.mjs';
import { startPreview } from '../serve.mjs';
import { APP_SECRET, APPID, Server, flush, freePort, makeStores, startSimulator } from './processes.mjs';
import { Phone } from './phone.mjs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const app = resolve(import.meta.dirname, '../../../miniprogram');
export const DOMAIN = 'https://paifang.example.com';

/** Days turn at midnight in Shanghai, and what a test does lies on one. */
async function awayFromMidnight() {
  const DAY = 86_400_000;
  const left = DAY - ((Date.now() + DAY / 3) % DAY);
  if (left < 180_000) await setTimeout(left + 1_000);
}

export class World {
  static async start() {
    await awayFromMidnight();
    const world = new World();
    world.stores = makeStores();
    world.simulator = await startSimulator();
    world.server = new Server(world.stores, world.simulator.url, await freePort());
    world.server.run('seed', '--from', 'scripts/demo');
    world.admin = world.server.run('api-token', 'create', '--organization', 'demo', '--role', 'admin').trim();
    const [, preview, browser] = await Promise.all([
      world.server.start(),
      startPreview({
        app,
        server: world.server.url,
        simulator: world.simulator.url,
        appid: APPID,
        domain: DOMAIN,
        port: 0,
        users: ['attendee', 'staff', 'supervisor'],
      }),
      launch(),
    ]);
    Object.assign(world, { preview, browser, contexts: [] });
    world.event = (await world.api('GET', '/api/v1/events')).items[0];
    world.lists = (await world.api('GET', `/api/v1/events/${world.event.id}/check-in-lists`)).items;
    world.products = (await world.api('GET', `/api/v1/events/${world.event.id}/products`)).items;
    return world;
  }

  /** A call with the rights of an administrator, or of another token; with null, of nobody. */
  async api(method, path, body, token = this.admin) {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    });
    const document = answer.status === 204 ? undefined : await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(document)}`);
    return document;
  }

  /** Another organization that shares the mini program; `api` calls it as its administrator. */
  async organization(slug, name, guests_allowed = true) {
    const account = ['--organization', slug, '--kind', 'mini-program', '--appid', APPID];
    this.server.give(`${APP_SECRET}\n`, 'account', 'add', ...account);
    const token = this.server.run('api-token', 'create', '--organization', slug, '--role', 'admin').trim();
    const api = (method, path, body) => this.api(method, path, body, token);
    return { ...(await api('PUT', '/api/v1/organization', { name, guests_allowed })), api };
  }

  /** Who somebody is in WeChat. */
  async wechatUser(user) {
    const body = JSON.stringify(user);
    await fetch(`${this.simulator.url}/_sim/users`, { method: 'POST', body });
  }

  /** Issues a ticket of the first product to somebody. */
  ticket(attendee_name, more = {}) {
    const body = {
      product_id: this.products[0].id,
      order_code: `B${(this.orders = (this.orders ?? 0) + 1)}`,
      attendee_name,
      ...more,
    };
    return this.api('POST', `/api/v1/events/${this.event.id}/tickets`, body);
  }

  /** A check-in list of its own, so that numbers and history belong to one test. */
  async list(name, more = {}) {
    const list = await this.api('POST', `/api/v1/events/${this.event.id}/check-in-lists`, { name, ...more });
    this.lists.push(list);
    return list;
  }

  /** A phone alone in a browser window of its size. */
  async phone(user, { width = 375, height = 812, theme = 'light', lang = 'zh_CN', page, wasm = 'ok' } = {}) {
    const context = await this.browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: 2,
      colorScheme: theme,
    });
    this.contexts.push(context);
    const tab = await context.newPage();
    const query = new URLSearchParams({ phone: user, user, lang, theme, wasm, ...(page && { page }) });
    await tab.goto(`${this.preview.url}/phone.html?${query}`);
    const phone = new Phone(tab);
    await phone.ready();
    return phone;
  }

  /** All sessions are gone, as after a Redis that came back empty. */
  loseSessions() {
    flush(this.stores.redis);
  }

  async stop() {
    await Promise.all((this.contexts ?? []).map((context) => context.close()));
    await this.browser?.close();
    await this.preview?.close();
    await this.server?.stop();
    await this.simulator?.stop();
    this.stores?.remove();
  }
}
