/** Attributes and events of components that draw themselves: one that WeChat does not know does nothing on a phone. */

const COMMON = new Set(['id', 'class', 'style', 'hidden', 'slot', 'animation']);
const PREFIXES = /^(data-|aria-|wx:|mark:|generic:|change:|worklet:)/;
const EVENT = /^(?:capture-)?(?:mut-)?(?:bind|catch):?(.+)$/;
const COMMON_EVENTS = `tap longpress longtap touchstart touchmove touchend touchcancel transitionend animationstart
  animationiteration animationend`.split(/\s+/);

const KNOWN = {
  map: {
    attributes: `latitude longitude scale min-scale max-scale markers polyline circles polygons include-points
      show-location enable-zoom enable-scroll enable-rotate enable-overlooking enable-poi enable-building
      enable-satellite enable-traffic enable-3D show-compass show-scale rotate skew subkey layer-style setting`,
    events: 'markertap callouttap labeltap regionchange updated',
  },
  slider: {
    attributes: `min max step disabled value name show-value active-color background-color color selected-color
      block-size block-color`,
    events: 'change changing',
  },
  video: {
    attributes: `src poster controls autoplay loop muted initial-time object-fit duration direction
      show-center-play-btn show-play-btn show-fullscreen-btn show-mute-btn show-progress enable-progress-gesture
      show-casting-button show-screen-lock-button play-btn-position picture-in-picture-mode title
      enable-play-gesture vslide-gesture auto-pause-if-navigate auto-pause-if-open-native referrer-policy`,
    events: 'play pause ended timeupdate waiting error loadedmetadata',
  },
};

const simple = (name) => name.replaceAll('-', '').toLowerCase();
const names = (text) => new Set(text.split(/\s+/).map(simple));
const TABLE = new Map(
  Object.entries(KNOWN).map(([tag, { attributes, events }]) => [
    tag,
    { attributes: names(attributes), events: new Set([...names(events), ...COMMON_EVENTS]) },
  ]),
);

/**
 * @param {string} tag
 * @param {string} text what stands between the tag's name and its end
 * @returns {string[]} attributes that the tag does not have
 */
export function unknownAttributes(tag, text) {
  const known = TABLE.get(tag);
  if (known === undefined) return [];
  return attributeNames(text).filter((name) => {
    if (COMMON.has(name) || PREFIXES.test(name)) return false;
    if (known.attributes.has(simple(name.replace(/^model:/, '')))) return false;
    const event = EVENT.exec(name)?.[1];
    return event === undefined || !known.events.has(simple(event));
  });
}

function attributeNames(text) {
  const found = text.replace(/\/?>$/, '').matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g);
  return [...found].map(([, name]) => name);
}
