import { load } from './core/index';
import { arrive } from './services/arrival';
import { watchFieldActs } from './services/field-queue';
import { sweepMedia } from './services/media-sweeping';
import { watchNetwork } from './services/network';
import { watchPrivacy } from './services/privacy';
import { retryReports, watchReports } from './services/report-queue';
import type { Sent } from './services/reports';
import { filled, texts } from './texts/index';

/** Reports that waited are sent from wherever the person is, and they are told. */
function tellSent(sent: Sent): void {
  const t = texts().report;
  const title =
    sent.kind === 'sent' || sent.kind === 'added' ? filled(t.sent_toast, { number: sent.number }) : t.look_again;
  void wx.showToast({ title, icon: 'none', duration: 3000 });
}

App({
  onLaunch() {
    watchNetwork();
    watchPrivacy();
    sweepMedia();
    watchFieldActs();
    watchReports(tellSent);
    // Nothing waits for it: the first page is drawn meanwhile.
    void load();
  },
  onShow(opened) {
    arrive(opened);
    void retryReports();
  },
});
