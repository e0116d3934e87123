import { load } from './core/index';
import { arrive } from './services/arrival';
import { watchFieldActs } from './services/field-queue';
import { watchNetwork } from './services/network';
import { watchPrivacy } from './services/privacy';

App({
  onLaunch() {
    watchNetwork();
    watchPrivacy();
    watchFieldActs();
    // Nothing waits for it: the first page is drawn meanwhile.
    void load();
  },
  onShow(opened) {
    arrive(opened);
  },
});
