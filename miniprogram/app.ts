import { load } from './core/index';
import { watchNetwork } from './services/network';

App({
  onLaunch() {
    watchNetwork();
    // Nothing waits for it: the first page is drawn meanwhile.
    void load();
  },
});
