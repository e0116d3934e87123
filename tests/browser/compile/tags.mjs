/** The tags of WXML. A tag the host does not know must fail the build, because it would show nothing. */

/** Built-in components the host has; in the page they are elements named `wx-…`, as in WeChat's own page. */
export const BUILTINS = new Set([
  'button',
  'camera',
  'canvas',
  'checkbox',
  'checkbox-group',
  'cover-image',
  'cover-view',
  'form',
  'icon',
  'image',
  'input',
  'label',
  'map',
  'navigator',
  'page-container',
  'page-meta',
  'picker',
  'progress',
  'radio',
  'radio-group',
  'rich-text',
  'root-portal',
  'scroll-view',
  'slider',
  'swiper',
  'swiper-item',
  'switch',
  'text',
  'textarea',
  'video',
  'view',
]);

/** Tags that the compiler of templates takes itself. */
export const SYNTAX = new Set(['block', 'import', 'include', 'slot', 'template', 'wxs']);

/** Built-in in WeChat, but not simulated; named apart only for a clearer message. */
export const NOT_SIMULATED = new Set([
  'ad',
  'audio',
  'editor',
  'functional-page-navigator',
  'grid-view',
  'list-view',
  'live-player',
  'live-pusher',
  'match-media',
  'movable-area',
  'movable-view',
  'navigation-bar',
  'official-account',
  'open-data',
  'picker-view',
  'picker-view-column',
  'share-element',
  'sticky-header',
  'sticky-section',
  'voip-room',
  'web-view',
]);
