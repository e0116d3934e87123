/** What all calls that go to the server share: the legal domain, how many at a time, and how they fail. */
import { WxFailure } from '../failure.js';
import { host } from '../settings.js';

const AT_ONCE = 10;

export const offline = () =>
  new WxFailure('errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED', { errno: 600001 });
export const unreachable = () => new WxFailure('errcode:-102 error_msg:net::ERR_CONNECTION_REFUSED', { errno: 600001 });
export const closed = () => new WxFailure('errcode:-100 error_msg:net::ERR_CONNECTION_CLOSED', { errno: 600001 });

/** The one legal domain stands for the server behind this preview. */
export function serverUrl(url) {
  if (!URL.canParse(url)) throw new WxFailure('invalid url', { errno: 600009 });
  const parsed = new URL(url);
  if (parsed.origin !== host.domain) throw new WxFailure('url not in domain list', { errno: 600002 });
  return new URL(`/server${parsed.pathname}${parsed.search}`, location.origin);
}

/** @returns {<T>(run: () => Promise<T>) => Promise<T>} runs ten at a time; the others wait */
export function createQueue() {
  let running = 0;
  /** @type {(() => void)[]} */
  const waiting = [];
  return async (run) => {
    if (running >= AT_ONCE) await new Promise((resolve) => waiting.push(resolve));
    running++;
    try {
      return await run();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
