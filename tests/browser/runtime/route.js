/** Addresses of pages. */

/**
 * @param {string} url as an app writes it: absolute, or relative to the page in front
 * @param {string} [base] route of that page
 * @returns {{ route: string, query: Record<string, string>, search: string }}
 */
export function parseRoute(url, base = '') {
  const [path, search = ''] = splitOnce(url, '?');
  const route = new URL(path, `http://package/${base}`).pathname.slice(1).replace(/\.html$/, '');
  const query = {};
  for (const pair of search.split('&').filter((part) => part !== '')) {
    const [name, value = ''] = splitOnce(pair, '=');
    // WeChat hands values on as they are written.
    query[name] = value;
  }
  return { route: decodeURI(route), query, search };
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
