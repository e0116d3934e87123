import { load } from './core/index';
import { arrive } from './services/arrival';
import { watchNetwork } from './services/network';
import { watchPrivacy } from './services/privacy';

App({
  onLaunch() {
    watchNetwork();
    watchPrivacy();
    // Nothing waits for it: the first page is drawn meanwhile.
    void load();
  },
  onShow(opened) {
    arrive(opened);
  },
});
