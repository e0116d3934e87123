// Names that WeChat gives: built-in tags, attributes of every component, events of every node, and lifecycles.

const list = (text) => new Set(text.trim().split(/\s+/));

export const builtInTags = list(`
  ad ad-custom audio block button camera canvas channel-live channel-video checkbox checkbox-group cover-image
  cover-view double-tap-gesture-handler draggable-sheet editor force-press-gesture-handler form
  functional-page-navigator grid-builder grid-view horizontal-drag-gesture-handler icon image import include
  input keyboard-accessory label list-builder list-view live-player live-pusher long-press-gesture-handler map
  match-media movable-area movable-view navigation-bar navigator nested-scroll-body nested-scroll-header
  official-account official-account-publish open-container open-data open-data-item open-data-list
  page-container page-meta pan-gesture-handler picker picker-view picker-view-column privacy-open-data progress
  radio radio-group rich-text root-portal scale-gesture-handler scroll-view selection share-element slider slot
  snapshot span sticky-header sticky-section store-coupon store-gift store-home store-product swiper swiper-item
  switch tap-gesture-handler template text textarea vertical-drag-gesture-handler video view voip-room web-view
  wxs`);

/** Events that reach a component's node from inside, whatever the component triggers itself. */
export const nativeEvents = list(`
  tap longpress longtap touchstart touchmove touchcancel touchend touchforcechange transitionend animationstart
  animationiteration animationend`);

export const lifecycle = list(`
  onLoad onShow onReady onHide onUnload onRouteDone onPullDownRefresh onReachBottom onShareAppMessage
  onShareTimeline onAddToFavorites onPageScroll onResize onTabItemTap onSaveExitState onLaunch onError
  onPageNotFound onThemeChange onUnhandledRejection onNetwork`);

const generic =
  /^(id|class|style|slot|hidden|is|wx:[\w-]+|data-[\w-]+|mark:[\w-]+|aria-[\w-]+|generic:[\w-]+|worklet:[\w-]+|let:[\w-]+)$/;

/** Whether every component takes an attribute. */
export const genericAttribute = (name) => generic.test(name);

/** The event that an attribute binds, if it binds one. */
export function handlerOf(attribute) {
  return attribute.match(/^(?:capture-bind:|capture-catch:|mut-bind:?|bind:?|catch:?)([A-Za-z][\w:-]*)$/)?.[1];
}
