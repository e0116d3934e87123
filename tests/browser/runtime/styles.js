/** The app's style sheets. Each is in the document once, as first used: app, then components, then pages. */
const HOST_MARK = /__mp_host__/g;
const SCOPE_MARK = /__mp_scope__/g;

const sheets = new Map();
let theme = 'light';

/**
 * @param {string} name
 * @param {string} css
 * @param {{ prefix: string, host: string }} [scope] what stands before a component's class names, and its `:host`
 */
export function registerSheet(name, css, scope = { prefix: '', host: '' }) {
  sheets.set(name, { css: css.replace(SCOPE_MARK, scope.prefix).replace(HOST_MARK, scope.host), element: undefined });
}

export function showSheet(name) {
  const sheet = sheets.get(name);
  if (sheet === undefined || sheet.element !== undefined || sheet.css === '') return;
  sheet.element = document.createElement('style');
  sheet.element.dataset.sheet = name;
  sheet.element.textContent = inTheme(sheet.css);
  document.head.append(sheet.element);
}

export function setStyleTheme(chosen) {
  theme = chosen;
  for (const { css, element } of sheets.values()) {
    if (element !== undefined && css.includes('prefers-color-scheme')) element.textContent = inTheme(css);
  }
}

/** The phone has its own theme, whatever the browser prefers. */
function inTheme(css) {
  return css.replace(/\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)/g, (_, wanted) =>
    wanted === theme ? '(min-width: 0px)' : '(max-width: 0px)',
  );
}
