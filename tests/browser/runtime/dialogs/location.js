/** WeChat's own pages about a place: choosing one, and looking at one. */
import { h } from '../dom.js';
import { pointAt, searchPlaces } from '../location/places.js';
import { shownPosition } from '../location/position.js';
import { MapView } from '../map/view.js';
import { showLayer } from './layer.js';

/** A phone that does not know where it is begins with the whole country. */
const COUNTRY = { center: { latitude: 35, longitude: 105 }, scale: 4 };
const NEAR = 16;

/**
 * @param {{ latitude: number, longitude: number } | undefined} start
 * @returns {Promise<import('../location/places.js').Place | undefined>} undefined when it was left
 */
export function chooseLocation(start) {
  return new Promise((resolve) => {
    const center = start ?? shownPosition();
    let chosen = pointAt(center ?? COUNTRY.center);
    const said = h('p', { id: 'wechat-location-chosen', role: 'status' });
    const list = h('div', { class: 'wechat-location-places', role: 'list', 'aria-label': '搜索结果' });
    const field = h('input', {
      id: 'wechat-location-search',
      placeholder: '搜索地点，或 31.23, 121.47',
      'aria-label': '搜索地点',
      oninput: () =>
        list.replaceChildren(...searchPlaces(field.value).map((place) => placeButton(place, () => goTo(place)))),
    });
    const box = h('div', { class: 'wechat-location-map' });
    const leave = (close, value) => () => {
      view.release();
      close();
      resolve(value());
    };
    showLayer(
      'full location',
      (close) => [
        h(
          'div',
          { class: 'wechat-location-bar' },
          h('button', { id: 'wechat-location-cancel', onclick: leave(close, () => undefined) }, '取消'),
          h(
            'button',
            { id: 'wechat-location-confirm', class: 'wechat-main', onclick: leave(close, () => chosen) },
            '确定',
          ),
        ),
        field,
        list,
        box,
        said,
      ],
      { label: '选择位置' },
    );
    const view = new MapView(box, {
      ...(center === undefined ? COUNTRY : { center, scale: NEAR }),
      onTap: (position) => goTo(pointAt(position)),
      onRegion: (type) => type === 'end' && choose(pointAt(view.center)),
    });
    box.append(h('div', { class: 'wechat-location-pin', 'aria-hidden': 'true' }));
    choose(chosen);

    function choose(place) {
      chosen = place;
      said.textContent = `${place.name || '[位置]'} · ${place.address}`;
    }

    function goTo(place) {
      view.move({ center: place, scale: Math.max(view.scale, NEAR) });
      choose(place);
    }
  });
}

function placeButton(place, onclick) {
  return h('button', { role: 'listitem', onclick }, h('b', {}, place.name || '[位置]'), h('small', {}, place.address));
}

/** Shows one place until the person leaves. */
export function showLocation({ latitude, longitude, scale, name, address }) {
  const box = h('div', { class: 'wechat-location-map' });
  let view;
  const leave = (close) => () => {
    view.release();
    close();
  };
  showLayer(
    'full location',
    (close) => [
      h(
        'div',
        { class: 'wechat-location-bar' },
        h('button', { id: 'wechat-location-close', onclick: leave(close) }, '返回'),
      ),
      box,
      h('p', { id: 'wechat-location-shown' }, [name, address].filter(Boolean).join(' · ')),
    ],
    { label: '位置' },
  );
  view = new MapView(box, { center: { latitude, longitude }, scale });
  box.append(h('div', { class: 'wechat-location-pin', 'aria-hidden': 'true' }));
}
