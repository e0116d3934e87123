import { load } from './core/index';
import { arrive } from './services/arrival';
import { watchFieldActs } from './services/field-queue';
import { sweepMedia } from './services/media-sweeping';
import { onNetwork, watchNetwork } from './services/network';
import { watchPrivacy } from './services/privacy';
import { waitingDrafts } from './services/report-drafts';
import { retryReports } from './services/reports';
import { filled, texts } from './texts/index';

/** Reports that wait are sent from wherever the person is, and they are told. */
async function sendWaiting(): Promise<void> {
  if (waitingDrafts().length === 0) return;
  for (const sent of await retryReports()) {
    const t = texts().report;
    const title =
      sent.kind === 'sent' || sent.kind === 'added' ? filled(t.sent_toast, { number: sent.number }) : t.look_again;
    void wx.showToast({ title, icon: 'none', duration: 3000 });
  }
}

App({
  onLaunch() {
    watchNetwork();
    watchPrivacy();
    sweepMedia();
    watchFieldActs();
    onNetwork((online) => {
      if (online) void sendWaiting();
    });
    // Nothing waits for it: the first page is drawn meanwhile.
    void load();
  },
  onShow(opened) {
    arrive(opened);
    void sendWaiting();
  },
});
