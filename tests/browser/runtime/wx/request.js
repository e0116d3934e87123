/** `wx.request`: one legal domain, ten requests at a time. */
import { failureOf, settle, syncCall } from './define.js';
import { WxFailure } from '../failure.js';
import { appEvents } from '../application.js';
import { isOnline } from './network.js';
import { closed, createQueue, offline, serverUrl, unreachable } from './transport.js';

const TIMEOUT = 60_000;
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PATCH'];
const queued = createQueue();

syncCall('request', (options) => {
  const controller = new AbortController();
  const listeners = new Set();
  const result = queued(() => send(options, controller, listeners)).then(
    (answer) => ({ ...answer, errMsg: 'request:ok' }),
    (error) => Promise.reject(failureOf('request', error)),
  );
  const returned = settle(options, result);
  const task = {
    abort: () => controller.abort(new WxFailure('abort')),
    onHeadersReceived: (listener) => listeners.add(listener),
    offHeadersReceived: (listener) => listeners.delete(listener),
    onChunkReceived() {},
    offChunkReceived() {},
  };
  return returned === undefined ? task : Object.assign(returned, task);
});

async function send(options, controller, listeners) {
  const url = serverUrl(options.url);
  if (!isOnline()) throw offline();
  const method = (options.method ?? 'GET').toUpperCase();
  if (!METHODS.includes(method)) throw new WxFailure('invalid request:method');
  const goneOffline = ({ isConnected }) => isConnected || controller.abort(offline());
  const timer = setTimeout(() => controller.abort(new WxFailure('timeout', { errno: 5 })), options.timeout ?? TIMEOUT);
  appEvents.networkChange.on(goneOffline);
  try {
    const { address, init } = prepare(url, method, options);
    const response = await fetch(address, {
      ...init,
      method,
      signal: controller.signal,
      cache: 'no-store',
      credentials: 'omit',
    });
    if (response.headers.has('x-preview-unreachable')) throw unreachable();
    const header = Object.fromEntries(response.headers);
    for (const listener of listeners) listener({ header, statusCode: response.status, cookies: [] });
    return { data: await bodyOf(response, options), statusCode: response.status, header, cookies: [], profile: {} };
  } catch (error) {
    if (error instanceof WxFailure) throw error;
    if (controller.signal.aborted) throw controller.signal.reason;
    throw closed();
  } finally {
    clearTimeout(timer);
    appEvents.networkChange.off(goneOffline);
  }
}

function prepare(address, method, { data, header = {} }) {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of Object.entries(header))
    if (value !== undefined && value !== null) headers.set(name, value);
  if (data === undefined || data === null) return { address, init: { headers } };
  const isForm = headers.get('content-type').includes('application/x-www-form-urlencoded');
  if (method === 'GET' || method === 'HEAD') {
    if (typeof data === 'object')
      for (const [name, value] of Object.entries(data)) address.searchParams.append(name, plain(value));
    return { address, init: { headers } };
  }
  const asText = isForm ? () => String(new URLSearchParams(data)) : () => JSON.stringify(data);
  return {
    address,
    init: { headers, body: typeof data === 'string' || data instanceof ArrayBuffer ? data : asText() },
  };
}

const plain = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

async function bodyOf(response, { responseType = 'text', dataType = 'json' }) {
  if (responseType === 'arraybuffer') return response.arrayBuffer();
  const text = await response.text();
  if (dataType !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
