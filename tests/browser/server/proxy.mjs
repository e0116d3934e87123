import http from 'node:http';

/** Headers that belong to one connection and not to the message. */
const PER_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/**
 * Passes a request on as it is, and the answer back as it comes. Nothing is added, so the server sees what a phone
 * would send; only what the browser says about this page is taken away.
 * @param {string} base such as `http://127.0.0.1:8080`
 * @param {string} path with its query
 */
export function proxy(base, path, request, response) {
  const target = new URL(base);
  const outgoing = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path,
      headers: passedOn(request, target.host),
      // One that is kept may be closed by the other side in the moment in which it is used again.
      agent: false,
    },
    (answer) => {
      response.writeHead(answer.statusCode, answer.statusMessage, withoutConnection(answer.rawHeaders));
      answer.pipe(response);
    },
  );
  outgoing.on('error', () => {
    if (response.headersSent) return response.destroy();
    // The page tells this apart from an answer of the server itself.
    response.writeHead(502, { 'x-preview-unreachable': '1' });
    return response.end();
  });
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
}

function passedOn(request, host) {
  const headers = { host };
  for (const [name, value] of Object.entries(request.headers)) {
    const isBrowsers = name.startsWith('sec-') || name === 'origin' || name === 'referer' || name === 'cookie';
    if (!isBrowsers && name !== 'host' && !PER_CONNECTION.has(name)) headers[name] = value;
  }
  if (request.headers['transfer-encoding']) headers['transfer-encoding'] = request.headers['transfer-encoding'];
  return headers;
}

/** Pairs stay as they came, so that repeated headers are still repeated. */
function withoutConnection(raw) {
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) if (!PER_CONNECTION.has(raw[i].toLowerCase())) kept.push(raw[i], raw[i + 1]);
  return kept;
}
