import { decoded } from '../../../services/arrival';
import { asFailure } from '../../../services/failure';
import { sendFieldActs } from '../../../services/field-queue';
import { retryWaiting } from '../../../services/scans';
import { current, logIn } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { waitingNotice, waitingNumber } from '../../leaving';

const HOME = '/pages/tabs/home/index';

/**
 * Switches to another organization: at once, or after a question where something waits to be sent to the present one. Until
 * it has succeeded the person stays where they were.
 */
definePage({
  title: 'switch',
  texts: ['switch'],
  data: { ...LOADING, scene: '', next: HOME, asking: '', stay: '', sending: false },
  onLoad(query: { to?: string; next?: string }) {
    // `next` is an address of its own, whose values stay as they were written.
    const next = query.next === undefined ? HOME : decodeURIComponent(query.next);
    this.setData({ scene: decoded(query.to) ?? '', next });
    const session = current();
    if (session !== undefined) {
      this.setData({ stay: filled(texts().switch.stay, { organization: session.organization.name }) });
    }
    if (waitingNumber() > 0) this.ask();
    else void this.go();
  },
  ask() {
    this.setData({ state: 'ready', asking: waitingNotice() });
  },
  go() {
    this.setData({ state: 'loading' });
    return fill(this, async () => {
      try {
        const { organization } = await logIn({ scene: this.data.scene });
        const title = filled(texts().switch.done, { organization: organization.name });
        await wx.reLaunch({ url: this.data.next });
        void wx.showToast({ title, icon: 'none' });
      } catch (error) {
        if (asFailure(error).code !== 'guests_not_allowed') throw error;
        await this.enterClosed();
      }
      return 'ready';
    });
  },
  /** The guide has the ways into an organization without guests; until one is taken the person stays where they were. */
  async enterClosed() {
    await wx.redirectTo({ url: `/pages/account/welcome/index?to=${encodeURIComponent(this.data.scene)}` });
  },
  async sendFirst() {
    this.setData({ sending: true });
    await Promise.all([retryWaiting(), sendFieldActs()]);
    this.setData({ sending: false });
    if (waitingNumber() > 0) this.ask();
    else await this.go();
  },
  stay() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: HOME });
  },
});
