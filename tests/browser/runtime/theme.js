/** Colours of the bars: `@name` in `app.json` stands for a value of `theme.json`. */
import { settings } from './settings.js';

let variables = {};
let hasDarkMode = false;

export function useTheme(app) {
  variables = app.theme;
  hasDarkMode = app.config.darkmode === true;
}

/** An app without dark mode looks the same in every theme. */
export const theme = () => (hasDarkMode ? settings.theme : 'light');

/** Replaces every `@name` in a piece of configuration. */
export function themed(value) {
  if (typeof value === 'string' && value.startsWith('@')) return variables[theme()]?.[value.slice(1)];
  if (Array.isArray(value)) return value.map(themed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, themed(inner)]));
}

/** Where the browser finds a file of the package. */
export const packageUrl = (path) => `/package/${path.replace(/^\/+/, '')}`;
