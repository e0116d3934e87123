/** Where the browser finds what a page names as a picture, video or icon. */
import { fileUrl } from './files/disk.js';
import { host } from './settings.js';
import { packageUrl } from './theme.js';

/** From a server, so that it needs the network. */
export const isRemote = (source) => source.startsWith('https://');

/**
 * @param {string} source as a page writes it
 * @param {string} [owner] path of the page or component, for a relative path in the package
 * @returns {string | undefined} undefined where WeChat would not show it
 */
export function sourceUrl(source, owner = '') {
  if (/^data:(image|video)\//.test(source)) return source;
  if (isRemote(source)) {
    const url = URL.canParse(source) ? new URL(source) : undefined;
    // The legal domain stands for the server behind this preview.
    return url?.origin === host.domain ? `/server${url.pathname}${url.search}` : url?.href;
  }
  if (source.startsWith('wxfile://')) return fileUrl(source);
  if (/^[a-z]+:/.test(source)) return undefined;
  return packageUrl(new URL(source, `http://package/${owner}`).pathname);
}
