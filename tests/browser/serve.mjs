/** Serves the preview host: `startPreview` for tests, a command line for people. */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { appBundle, hostBundle } from './server/bundles.mjs';
import { answer, sendFile } from './server/files.mjs';
import { proxy } from './server/proxy.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @typedef {object} PreviewOptions
 * @property {string} app folder of the mini program
 * @property {string} server what the legal domain stands for
 * @property {string} simulator the simulated WeChat
 * @property {string} appid
 * @property {string} domain the one legal domain of `wx.request`
 * @property {string[]} [users] names the outer page offers
 * @property {string} [bind] host
 * @property {number} [port] 0 takes any
 */

/**
 * @param {PreviewOptions} options
 * @returns {Promise<{ url: string, rebuild: () => void, close: () => Promise<void> }>} rejects when the app does not build
 */
export async function startPreview({
  app,
  server,
  simulator,
  appid,
  domain,
  users = [],
  bind = '127.0.0.1',
  port = 0,
}) {
  const host = hostBundle();
  const bundle = appBundle(app);
  const frameHost = JSON.stringify({ appid, domain });
  const { error } = bundle();
  if (error !== undefined) throw error;
  await host();

  const pages = {
    '/': () => [
      '.html',
      fs.readFileSync(here('preview/index.html'), 'utf8').replace('/* users */', JSON.stringify(users)),
    ],
    '/phone.html': () => [
      '.html',
      fs.readFileSync(here('runtime/phone.html'), 'utf8').replace('/* host */', frameHost),
    ],
    '/host/runtime.js': async () => ['.js', (await host()).script],
    '/host/main.js.map': async () => ['.json', (await host()).map],
    '/host/phone.css': async () => ['.css', (await host()).css],
    '/host/app.js': () => ['.js', bundle().script],
  };
  const folders = { '/package/': path.resolve(app), '/preview/': here('preview/') };
  const services = { '/server/': server, '/simulator/': simulator };

  async function handle(request, response) {
    const { pathname, search } = new URL(request.url, 'http://preview');
    const under = (table) => Object.keys(table).find((prefix) => pathname.startsWith(prefix));
    const service = under(services);
    if (service !== undefined) {
      // As it was written: a decoded path might mean another one.
      return proxy(services[service], request.url.slice(service.length - 1), request, response);
    }
    if (pages[pathname] !== undefined) {
      const [type, body] = await pages[pathname]();
      return answer(response, 200, type, body);
    }
    const folder = under(folders);
    if (folder !== undefined)
      return sendFile(folders[folder], decodeURIComponent(pathname.slice(folder.length)), response);
    return answer(response, 404, 'text/plain', `${pathname}${search} is not there`);
  }

  const listener = http.createServer((request, response) => {
    handle(request, response).catch((failure) => answer(response, 500, 'text/plain', failure.stack));
  });
  await new Promise((resolve, reject) => listener.once('error', reject).listen(port, bind, resolve));
  return {
    url: `http://${bind}:${listener.address().port}`,
    rebuild() {
      const { error: failure } = bundle({ force: true });
      if (failure !== undefined) throw failure;
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(resolve);
        listener.closeAllConnections();
      }),
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: 'miniprogram' },
      server: { type: 'string', default: 'http://127.0.0.1:8080' },
      simulator: { type: 'string', default: 'http://127.0.0.1:8090' },
      appid: { type: 'string', default: 'wx00000000000000d0' },
      domain: { type: 'string', default: 'https://paifang.example.com' },
      bind: { type: 'string', default: '127.0.0.1:8070' },
      users: { type: 'string', default: 'attendee,staff,supervisor' },
    },
  });
  const [bind, port] = values.bind.split(':');
  const users = values.users.split(',').filter((name) => name !== '');
  const preview = await startPreview({ ...values, users, bind, port: Number(port) });
  console.log(preview.url);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(error.name === 'BuildError' ? error.message : error);
    process.exitCode = 1;
  });
}
