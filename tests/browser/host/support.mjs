/** One browser and one preview of the fixture for all tests of a file. */
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from '../chromium.mjs';
import { startPreview } from '../serve.mjs';

export const FIXTURE = fileURLToPath(new URL('fixture/', import.meta.url));
export const DOMAIN = 'https://paifang.example.com';
const TIMEOUT = 5000;
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="8"/>';

/** Stands for the server and for the simulator: it says what it was asked. */
function startStub() {
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = bytes.toString();
    if (request.url === '/slow') return;
    response.setHeader('content-type', 'application/json');
    response.setHeader('date', new Date(0).toUTCString());
    if (request.url === '/_sim/codes')
      return response.end(JSON.stringify({ code: `code of ${JSON.parse(body).user}` }));
    if (request.url === '/_sim/phone-codes') {
      const { user } = JSON.parse(body);
      if (user === 'numberless') response.statusCode = 409;
      return response.end(
        JSON.stringify(user === 'numberless' ? { error: 'no number' } : { code: `number of ${user}` }),
      );
    }
    if (request.url === '/_sim/encrypted-data') return response.end('{"encrypted_data":"secret","iv":"vector"}');
    if (request.url === '/refused') response.statusCode = 403;
    if (request.url === '/picture') return response.setHeader('content-type', 'image/svg+xml').end(PICTURE);
    const { method, url, headers } = request;
    return response.end(JSON.stringify({ method, url, headers, body, hex: bytes.toString('hex') }));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** A copy of the fixture with some files changed: a text, or a function of the text before. */
export function changed(t, files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'host-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.cpSync(FIXTURE, folder, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, typeof change === 'function' ? change(fs.readFileSync(file, 'utf8')) : change);
  }
  return folder;
}

/** @returns {{ open: Function, outer: Function }} both give pages that close with the test */
export function useHost() {
  let browser;
  let preview;
  let stub;
  let services;

  before(async () => {
    stub = await startStub();
    const address = `http://127.0.0.1:${stub.address().port}`;
    services = { server: address, simulator: address, appid: 'wx00000000000000d0', domain: DOMAIN };
    [browser, preview] = await Promise.all([
      launch(),
      startPreview({ app: FIXTURE, ...services, users: ['attendee', 'staff'] }),
    ]);
  });

  after(async () => {
    await browser?.close();
    await preview?.close();
    stub?.close();
    stub?.closeAllConnections();
  });

  async function newPage(t, viewport, context) {
    const own = context ?? (await browser.newContext({ viewport }));
    t.after(() => own.close());
    const page = await own.newPage();
    page.setDefaultTimeout(TIMEOUT);
    return page;
  }

  async function previewOf(t, files) {
    const own = await startPreview({ app: changed(t, files), ...services });
    t.after(own.close);
    return own;
  }

  return {
    /** A phone that has started. `context` shares the storage of another; `files` change the fixture. */
    async open(t, path = '', { phone = 'a', context, files, ...more } = {}) {
      const page = await newPage(t, { width: 375, height: 760 }, context);
      const { url } = files === undefined ? preview : await previewOf(t, files);
      await page.goto(`${url}/phone.html?${new URLSearchParams({ phone, page: path, ...more })}`);
      await isReady(page);
      return page;
    },
    /** The outer page. */
    async outer(t) {
      const page = await newPage(t, { width: 1440, height: 900 });
      await page.goto(preview.url);
      return page;
    },
  };
}

export const isReady = (page) => page.waitForFunction(() => window.phone?.ready);
export const data = (page) => page.evaluate(() => window.phone.page().data);
export const stack = (page) => page.evaluate(() => window.phone.stack());
export const errors = (page) => page.evaluate(() => window.phone.errors);

/** Waits until the data of the page in front is as a function wants it. */
export const until = (page, condition, value) =>
  page.waitForFunction(
    ([source, given]) =>
      new Function('data', 'value', `return (${source})(data, value)`)(window.phone.page().data, given),
    [String(condition), value],
  );

/** Makes a call of `wx` inside the mini program. */
export async function send(page, name, ...args) {
  const caller = page.locator('.wechat-page-view:not([hidden])');
  await caller.getByLabel('call').fill(JSON.stringify({ name, args }));
  await caller.getByRole('button', { name: 'Run' }).click();
}

/** Makes a call and gives `{ ok }` or `{ failed }`. */
export async function call(page, name, ...args) {
  await send(page, name, ...args);
  const result = page.locator('.wechat-page-view:not([hidden]) [class*=--result]');
  await result.filter({ hasText: /./ }).waitFor({ state: 'attached' });
  return JSON.parse(await result.textContent());
}
