/** Starts the mini program in this frame. The server's script for the app calls `startMiniProgram`. */
import { App, appEvents, callApp, getApp, launch, tellError, watchErrors } from './application.js';
import { createBars } from './bars/index.js';
import { createCodeSpace } from './code-space.js';
import { useDeclarations } from './declared.js';
import { byId, h } from './dom.js';
import { loadDisk } from './files/disk.js';
import { watchFramework } from './framework.js';
import { watchGestures } from './gestures.js';
import { loadAlbum } from './media/album.js';
import { createRequire } from './modules.js';
import { isPage, openFirst, pageChanged, pages, topPage, usePages } from './page-stack.js';
import { drawTheme, phone } from './phone.js';
import { recordError } from './record.js';
import { parseRoute } from './route.js';
import { settings } from './settings.js';
import { useTheme } from './theme.js';
import { WXWebAssembly } from './wasm.js';
import { stub, wx } from './wx/index.js';

window.phone = phone;
document.documentElement.lang = settings.language === 'en' ? 'en' : 'zh-CN';
watchErrors();
watchFramework(tellError);

/** @param {object} app what `compile/app.mjs` has made */
window.startMiniProgram = (app) => {
  useTheme(app);
  useDeclarations(app);
  createBars(app);
  drawTheme();
  watchGestures();
  // A test can replace calls before the first line of the app runs.
  for (const [name, run] of Object.entries(window.phoneStubs ?? {})) stub(name, run);
  const codeSpace = createCodeSpace(app);
  const globals = { wx, App, getApp, getCurrentPages: () => pages().map(({ instance }) => instance), WXWebAssembly };
  const require = createRequire(app.modules, { ...globals, ...codeSpace.constructors });
  usePages(app, codeSpace, require);
  // The app may read files at once, so they come first.
  Promise.all([loadDisk(), loadAlbum()])
    .then(() => {
      require(app.script);
      start(app, parseRoute(settings.page || `/${app.pages[0]}`));
    })
    .catch(reportError);
};

/** The server's script says this when the app does not build. */
window.showBuildProblems = (problems) => {
  for (const problem of problems) recordError(problem);
  byId('wechat-layers').append(
    h(
      'div',
      { id: 'wechat-build-problems' },
      h('h1', {}, '编译失败 · Build failed'),
      ...problems.map((text) => h('p', {}, text)),
    ),
  );
};

function start(app, first) {
  launch(first);
  if (pages().length > 0) return markReady(); // `onLaunch` or `onShow` has gone somewhere.
  if (!isPage(first.route)) {
    const missing = { path: first.route, query: first.query, isEntryPage: true };
    recordError(`page "${first.route}" is not found`);
    callApp('onPageNotFound', missing);
    appEvents.pageNotFound.emit(missing);
    if (pages().length > 0) return markReady();
    first = parseRoute(`/${app.pages[0]}`);
  }
  openFirst(first);
  return markReady();
}

function markReady() {
  const done = () => {
    if (phone.ready) return;
    phone.ready = true;
    window.dispatchEvent(new Event('phone-ready'));
  };
  // The first page may go elsewhere before it is drawn.
  const wait = () => {
    topPage().onReady = done;
  };
  wait();
  pageChanged.on(wait);
}
