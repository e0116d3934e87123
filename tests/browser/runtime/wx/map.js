/** `wx.createMapContext`: what a page does to one of its maps. */
import { MAP } from '../builtins/map.js';
import { WxFailure } from '../failure.js';
import { measure } from '../location/position.js';
import { topPage } from '../page-stack.js';
import { requirePermission } from '../permissions.js';
import { requirePrivacy } from '../privacy.js';
import { recordCall, recordError } from '../record.js';
import { expectType, failureOf, syncCall } from './define.js';
import { expectPosition } from './location.js';

const CALLS = {
  getCenterLocation: ({ view }) => ({ ...view.center }),
  getRegion: ({ view }) => view.region(),
  getScale: ({ view }) => ({ scale: view.scale }),
  getRotate: () => ({ rotate: 0 }),
  getSkew: () => ({ skew: 0 }),

  async moveToLocation(map, { latitude, longitude }) {
    if (latitude !== undefined || longitude !== undefined) {
      expectPosition({ latitude, longitude });
      map.view.update({ center: { latitude, longitude } });
      return;
    }
    if (!map.data.showLocation) throw new WxFailure('the map does not set show-location');
    await requirePrivacy('MapContext.moveToLocation');
    await requirePermission('scope.userLocation');
    map.view.update({ center: await measure('gcj02') });
  },

  includePoints({ view }, { points, padding = [] }) {
    expectType(points, 'Array', 'points');
    points.forEach(expectPosition);
    const [top = 0, right = top, bottom = top, left = right] = padding;
    view.include(points, [top, right, bottom, left]);
  },

  toScreenLocation({ view }, position) {
    expectPosition(position);
    return view.toPixel(position);
  },

  fromScreenLocation({ view }, { x, y }) {
    expectType(x, 'Number', 'x');
    expectType(y, 'Number', 'y');
    return view.toPosition({ x, y });
  },
};

/** What the language itself asks any object for. */
const PROBED = new Set(['then', 'toJSON']);

/** @param {() => object | undefined} find the component of the map */
export function mapContext(find) {
  const context = {};
  for (const [name, run] of Object.entries(CALLS)) {
    // Not a promise: these calls have callbacks only.
    context[name] = (options = {}) => {
      recordCall(`MapContext.${name}`, options);
      const { success, fail, complete } = options;
      void Promise.resolve()
        .then(() => {
          const map = find();
          if (map?.view === undefined) throw new WxFailure('the map is not found');
          return run(map, options);
        })
        .then((result) => ({ ...result, errMsg: `${name}:ok` }))
        .then(
          (result) => [success, result],
          (error) => [fail, failureOf(name, error)],
        )
        .then(([callback, result]) => {
          callback?.(result);
          complete?.(result);
        })
        .catch(reportError);
    };
  }
  return new Proxy(context, {
    get(_, name) {
      if (!(name in context) && typeof name === 'string' && !PROBED.has(name))
        recordError(`MapContext.${name} is not simulated`);
      return context[name];
    },
  });
}

syncCall(
  'createMapContext',
  (id, component) => {
    expectType(id, 'String', 'mapId');
    const scope = component ?? topPage().instance;
    return mapContext(() => scope._$.getShadowRoot()?.querySelector(`#${CSS.escape(id)}`)?.$$?.[MAP]);
  },
  { isRecorded: false },
);
