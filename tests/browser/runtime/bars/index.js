import { pageChanged } from '../page-stack.js';
import { createNavigationBar, drawNavigationBar } from './navigation-bar.js';
import { drawTabBar, useTabBar } from './tab-bar.js';

export function createBars(app) {
  useTabBar(app.config.tabBar);
  createNavigationBar();
  pageChanged.on(drawBars);
}

export function drawBars() {
  drawNavigationBar();
  drawTabBar();
}
