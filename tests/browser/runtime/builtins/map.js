/** `<map>`: WeChat draws it natively, so its taps are its own events and not those of the page. */
import { circleShape, lineShape, polygonShape } from '../map/shapes.js';
import { drawMarkers } from '../map/markers.js';
import { MapView, SCALES } from '../map/view.js';
import { h } from '../dom.js';
import { positionChanged, shownPosition } from '../location/position.js';
import { recordError } from '../record.js';
import { sourceUrl } from '../sources.js';
import { elementOf, ownerOf } from './define.js';

/** On the element: the component, for `wx.createMapContext`. */
export const MAP = Symbol('map');

export const map = {
  name: 'map',
  properties: {
    latitude: { type: null, value: undefined },
    longitude: { type: null, value: undefined },
    scale: { type: Number, value: 16 },
    minScale: { type: Number, value: SCALES.least },
    maxScale: { type: Number, value: SCALES.most },
    markers: { type: Array, value: [] },
    polyline: { type: Array, value: [] },
    circles: { type: Array, value: [] },
    polygons: { type: Array, value: [] },
    includePoints: { type: Array, value: [] },
    showLocation: Boolean,
    enableZoom: { type: Boolean, value: true },
    enableScroll: { type: Boolean, value: true },
  },
  observers: {
    'latitude, longitude'() {
      if (this.view !== undefined && this.hasCenter()) this.view.update({ center: this.center() });
    },
    scale(scale) {
      this.view?.update({ scale });
    },
    'minScale, maxScale, enableZoom, enableScroll'() {
      this.configure();
    },
    includePoints(points) {
      this.view?.include(points);
    },
    'markers, polyline, circles, polygons, showLocation'() {
      this.view?.draw();
    },
  },
  lifetimes: {
    attached() {
      const element = elementOf(this);
      element[MAP] = this;
      /** Markers whose callout shows because they were tapped. */
      this.opened = new Set();
      this.view = new MapView(element, {
        center: this.hasCenter() ? this.center() : { latitude: 39.92, longitude: 116.46 },
        scale: this.data.scale,
        onTap: (position) => this.triggerEvent('tap', position),
        onRegion: (type, causedBy) => this.tellRegion(type, causedBy),
      });
      this.view.layers.push(
        () => this.drawShapes(),
        () => this.drawMarkers(),
      );
      this.configure();
      this.view.draw();
      if (this.data.includePoints.length > 0) this.view.include(this.data.includePoints);
      this.redraw = () => this.view.draw();
      positionChanged.on(this.redraw);
      setTimeout(() => this.triggerEvent('updated', {}), 0);
    },
    detached() {
      positionChanged.off(this.redraw);
      this.view.release();
      this.view = undefined;
    },
  },
  methods: {
    hasCenter() {
      const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
      const { latitude, longitude } = this.data;
      if (isNumber(latitude) && isNumber(longitude)) return true;
      recordError(`<map> needs latitude and longitude as numbers, not ${latitude} and ${longitude}`);
      return false;
    },
    center() {
      const { latitude, longitude } = this.data;
      return { latitude, longitude };
    },
    configure() {
      if (this.view === undefined) return;
      const { minScale, maxScale, enableZoom, enableScroll } = this.data;
      this.view.limits = { least: Math.max(SCALES.least, minScale), most: Math.min(SCALES.most, maxScale) };
      this.view.may = { zoom: enableZoom, scroll: enableScroll };
    },
    tellRegion(type, causedBy) {
      const { scale, center: centerLocation } = this.view;
      const detail = { rotate: 0, skew: 0, scale, centerLocation, region: this.view.region() };
      // WeChat puts what happened where other events have their name.
      this.triggerEvent('regionchange', detail, { extraFields: { type, causedBy } });
    },
    drawShapes() {
      const { polygons, circles, polyline } = this.data;
      this.view.shapes.replaceChildren(
        ...polygons.map((one) => polygonShape(this.view, one)),
        ...circles.map((one) => circleShape(this.view, one)),
        ...polyline.flatMap((one) => lineShape(this.view, one)),
      );
    },
    drawMarkers() {
      const { view, opened } = this;
      drawMarkers(view, this.data.markers, {
        opened,
        urlOf: (path) => sourceUrl(path, ownerOf(this)),
        tell: (name, markerId) => {
          this.triggerEvent(name, { markerId });
          if (name !== 'markertap') return;
          opened.clear();
          opened.add(markerId);
          view.draw();
        },
      });
      const self = this.data.showLocation ? shownPosition() : undefined;
      if (self === undefined) return;
      const { x, y } = view.toPixel(self);
      view.markers.append(
        h('div', {
          class: 'wechat-map-self',
          role: 'img',
          'aria-label': '我的位置',
          style: `left: ${x}px; top: ${y}px`,
        }),
      );
    },
  },
};
