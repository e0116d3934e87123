/** `wx.uploadFile` and `wx.downloadFile`: they give a task, and no promise. */
import { appEvents } from '../application.js';
import { WxFailure } from '../failure.js';
import { addTemporary, fileAt } from '../files/disk.js';
import { writeFile } from '../files/operations.js';
import { readPath } from '../files/paths.js';
import { extensionFor, typeOf } from '../files/types.js';
import { expectType, failureOf, settle, syncCall } from './define.js';
import { isOnline } from './network.js';
import { closed, createQueue, offline, serverUrl, unreachable } from './transport.js';

const TIMEOUT = 60_000;

/** @param {string} name  @param {(options: object, request: XMLHttpRequest) => { method: string, body?: FormData, onDone: Function }} prepare */
function transferCall(name, prepare) {
  const queued = createQueue();
  syncCall(name, (options) => {
    const request = new XMLHttpRequest();
    const progress = new Set();
    const headers = new Set();
    const state = { failure: undefined };
    const stop = (failure) => {
      state.failure ??= failure;
      request.abort();
    };
    const result = queued(() => transfer(options, { request, progress, headers, state, stop }, prepare)).then(
      (answer) => ({ ...answer, errMsg: `${name}:ok` }),
      (error) => {
        if (error instanceof Error && !(error instanceof WxFailure)) reportError(error);
        return Promise.reject(failureOf(name, error));
      },
    );
    settle({ complete() {}, ...options }, result);
    return {
      abort: () => stop(new WxFailure('abort')),
      onProgressUpdate: (listener) => progress.add(listener),
      offProgressUpdate: (listener) => (listener ? progress.delete(listener) : progress.clear()),
      onHeadersReceived: (listener) => headers.add(listener),
      offHeadersReceived: (listener) => (listener ? headers.delete(listener) : headers.clear()),
    };
  });
}

async function transfer(options, { request, progress, headers, state, stop }, prepare) {
  if (state.failure !== undefined) throw state.failure;
  expectType(options.url, 'String', 'url');
  const { method, body, watched, names, onDone } = prepare(options, request);
  const address = serverUrl(options.url);
  if (!isOnline()) throw offline();
  request.open(method, address);
  request.responseType = 'arraybuffer';
  request.timeout = options.timeout ?? TIMEOUT;
  for (const [name, value] of Object.entries(options.header ?? {})) {
    // The part boundary is WeChat's to say, and `Referer` cannot be set.
    if (!/^(referer|content-type)$/i.test(name) && value !== undefined && value !== null)
      request.setRequestHeader(name, value);
  }
  watched.addEventListener('progress', ({ loaded, total }) => {
    const share = total > 0 ? Math.floor((loaded / total) * 100) : 0;
    for (const listener of progress) listener({ progress: share, [names[0]]: loaded, [names[1]]: total });
  });
  const goneOffline = ({ isConnected }) => isConnected || stop(offline());
  appEvents.networkChange.on(goneOffline);
  try {
    await new Promise((resolve, reject) => {
      request.addEventListener('load', resolve);
      request.addEventListener('error', () => reject(closed()));
      request.addEventListener('timeout', () => reject(new WxFailure('timeout', { errno: 5 })));
      request.addEventListener('abort', () => reject(state.failure));
      request.send(body);
    });
  } finally {
    appEvents.networkChange.off(goneOffline);
  }
  if (request.getResponseHeader('x-preview-unreachable') !== null) throw unreachable();
  for (const listener of headers) listener({ header: headersOf(request) });
  return { ...onDone(new Uint8Array(request.response)), statusCode: request.status, profile: {} };
}

function headersOf(request) {
  const lines = request.getAllResponseHeaders().trim().split('\r\n');
  return Object.fromEntries(lines.map((line) => line.split(': ')).map(([name, ...value]) => [name, value.join(': ')]));
}

transferCall('uploadFile', ({ filePath, name, formData = {} }, request) => {
  expectType(filePath, 'String', 'filePath');
  expectType(name, 'String', 'name');
  const { path } = readPath(filePath);
  const file = fileAt(path);
  if (file === undefined) throw new WxFailure('file not found');
  const body = new FormData();
  for (const [field, value] of Object.entries(formData)) body.append(field, String(value));
  const type = typeOf(path, file.bytes);
  body.append(name, new Blob([file.bytes], { type }), path.slice(path.lastIndexOf('/') + 1));
  return {
    method: 'POST',
    body,
    watched: request.upload,
    names: ['totalBytesSent', 'totalBytesExpectedToSend'],
    // Never parsed, whatever the server says it is.
    onDone: (bytes) => ({ data: new TextDecoder().decode(bytes) }),
  };
});

transferCall('downloadFile', ({ filePath }, request) => ({
  method: 'GET',
  watched: request,
  names: ['totalBytesWritten', 'totalBytesExpectedToWrite'],
  onDone(bytes) {
    if (filePath !== undefined) {
      writeFile(filePath, bytes.buffer);
      return { filePath };
    }
    const said = request.getResponseHeader('content-type')?.split(';')[0] ?? '';
    return { tempFilePath: addTemporary(bytes, extensionFor(said) || extensionFor(typeOf('', bytes))) };
  },
}));
