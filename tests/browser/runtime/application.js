/** The app object and what happens to the app as a whole. */
import { describe, recordError } from './record.js';
import { settings } from './settings.js';
import { Signal } from './signal.js';

export const appEvents = {
  show: new Signal(),
  hide: new Signal(),
  error: new Signal(),
  unhandledRejection: new Signal(),
  pageNotFound: new Signal(),
  themeChange: new Signal(),
  memoryWarning: new Signal(),
  networkChange: new Signal(),
};

let app;
let isShown = false;
/** With what the app was opened last; the same for `onLaunch`, `onShow` and `getLaunchOptionsSync`. */
export let launchOptions;

export const getApp = () => app;
export const isInFront = () => isShown;

/** Kept until every module it needs is there; `launch` begins its life. */
export function App(definition) {
  if (app !== undefined) throw new Error('App() is called twice');
  app = { ...definition };
  for (const [name, value] of Object.entries(app)) if (typeof value === 'function') app[name] = value.bind(app);
}

export function launch(to) {
  setLaunchOptions(to, settings.scene);
  if (app === undefined) throw new Error('app.js does not call App()');
  callApp('onLaunch', { ...launchOptions });
  showApp();
}

function setLaunchOptions({ route, query }, scene) {
  launchOptions = {
    path: route,
    query,
    scene,
    shareTicket: undefined,
    referrerInfo: {},
    apiCategory: 'default',
  };
}

/** It is opened anew while it runs, at a page. */
export function reopen(to, scene) {
  setLaunchOptions(to, scene);
  showApp();
}

/** The app comes to the front. */
export function showApp() {
  if (isShown) return;
  isShown = true;
  callApp('onShow', { ...launchOptions });
  appEvents.show.emit({ ...launchOptions });
}

/** The app goes to the background. */
export function hideApp() {
  if (!isShown) return;
  isShown = false;
  callApp('onHide');
  appEvents.hide.emit();
}

export function callApp(name, ...values) {
  if (typeof app?.[name] !== 'function') return;
  try {
    app[name](...values);
  } catch (error) {
    reportError(error);
  }
}

/** Errors that the app is told of, and that tests see. */
export function watchErrors() {
  window.addEventListener('error', (event) => {
    recordError(event.error === undefined || event.error === null ? event.message : describe(event.error));
    tellError(event.error ?? event.message);
  });
  window.addEventListener('unhandledrejection', (event) => {
    recordError(`unhandled rejection: ${describe(event.reason)}`);
    const { reason, promise } = event;
    callApp('onUnhandledRejection', { reason, promise });
    appEvents.unhandledRejection.emit({ reason, promise });
  });
}

export function tellError(error) {
  const text = describe(error);
  callApp('onError', text);
  appEvents.error.emit(text);
}
