/** The open pages, and WeChat's rules for going from one to another. */
import { EventChannel } from './event-channel.js';
import { Page } from './page.js';
import { parseRoute } from './route.js';
import { Signal } from './signal.js';

const LIMIT = 10;

/** Fires when another page comes to the front or its bars have changed. */
export const pageChanged = new Signal();

/** @type {Page[]} */
let stack = [];
/** Tab pages stay alive while another tab is in front. */
const tabs = new Map();
let app;
let codeSpace;
let require;

export function usePages(compiled, space, requireModule) {
  app = compiled;
  codeSpace = space;
  require = requireModule;
}

export const topPage = () => stack.at(-1);
export const pages = () => stack;
export const isTab = (route) => app?.config.tabBar?.list.some(({ pagePath }) => pagePath === route) ?? false;
export const isPage = (route) => app.pages.includes(route);
export const target = (url) => parseRoute(url, topPage()?.route);

/** Each function returns why it is not possible, in WeChat's words, or undefined. */
export const navigation = {
  navigateTo(url, channel) {
    const to = target(url);
    const refused = notFound(to, url) ?? (isTab(to.route) ? 'can not navigateTo a tabbar page' : undefined);
    if (refused !== undefined) return refused;
    if (stack.length >= LIMIT) return 'webview count limit exceed';
    topPage()?.hide();
    open(to, channel);
    return undefined;
  },

  redirectTo(url) {
    const to = target(url);
    const refused = notFound(to, url) ?? (isTab(to.route) ? 'can not redirectTo a tabbar page' : undefined);
    if (refused !== undefined) return refused;
    close(1);
    open(to);
    return undefined;
  },

  reLaunch(url) {
    const to = target(url);
    const refused = notFound(to, url);
    if (refused !== undefined) return refused;
    close(stack.length);
    for (const page of tabs.values()) page.unload();
    tabs.clear();
    open(to);
    return undefined;
  },

  switchTab(url) {
    const to = target(url);
    const refused = notFound(to, url);
    if (refused !== undefined) return refused;
    if (!isTab(to.route)) return `can not switch to no-tabBar page`;
    if (topPage()?.route === to.route) return undefined;
    const below = stack[0];
    const leaving = topPage();
    const staysOpen = below !== undefined && isTab(below.route);
    close(staysOpen ? stack.length - 1 : stack.length);
    if (staysOpen && below.route !== to.route) {
      // It is hidden already when another page was over it.
      if (leaving === below) below.hide();
    }
    stack = [];
    const known = tabs.get(to.route);
    if (known === undefined) open({ ...to, query: {}, search: '' });
    else bringBack(known);
    return undefined;
  },

  navigateBack(delta = 1) {
    if (stack.length <= 1) return 'cannot navigate back at first page';
    close(Math.min(Math.max(delta, 1), stack.length - 1));
    topPage().show();
    pageChanged.emit();
    return undefined;
  },
};

/** The first page of a cold start. */
export function openFirst(to) {
  open(to);
}

export function makeChannel(listeners) {
  return new EventChannel(listeners);
}

function notFound({ route }, url) {
  if (typeof url !== 'string' || url === '') return 'parameter error: parameter.url should be String';
  return isPage(route) ? undefined : `page "${route}" is not found`;
}

function open(to, channel) {
  codeSpace.load(to.route, require);
  const { config } = codeSpace.byId.get(to.route);
  const page = new Page(codeSpace, to, { ...app.config.window, ...config });
  page.openerChannel = channel;
  stack.push(page);
  if (isTab(to.route)) tabs.set(to.route, page);
  pageChanged.emit(); // The bars first: they decide how much room the page has.
  page.load();
  if (page.isUnloaded || topPage() !== page) return; // `onLoad` has gone elsewhere.
  page.show();
  pageChanged.emit();
}

function bringBack(page) {
  stack.push(page);
  page.show();
  pageChanged.emit();
}

function close(count) {
  for (const page of stack.splice(stack.length - count, count).reverse()) {
    tabs.delete(page.route);
    page.unload();
  }
}
