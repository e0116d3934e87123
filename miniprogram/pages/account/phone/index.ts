import { asFailure, explain } from '../../../services/failure';
import { bindPhone, whyNoPhone, type PhoneAnswer } from '../../../services/phone-number';
import { current, refreshMe } from '../../../services/session';
import { claimByPhone } from '../../../services/tickets';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

/** What the button gave last. */
let confirmed: PhoneAnswer | undefined;

definePage({
  title: 'phone',
  texts: ['phone'],
  data: { logged_in: false, known: '', done: false, confirming: false, claiming: false, problem: '' },
  onShow() {
    this.showPerson();
    if (current() === undefined) return;
    refreshMe().then(
      () => this.showPerson(),
      () => undefined,
    );
  },
  showPerson() {
    const phone = current()?.known?.phone;
    this.setData({
      logged_in: current() !== undefined,
      known: phone === undefined ? '' : filled(texts().phone.known, { phone }),
    });
  },
  async confirm({ detail }: WechatMiniprogram.CustomEvent<PhoneAnswer>) {
    const t = texts().phone;
    const why = whyNoPhone(detail);
    if (why !== undefined) {
      const said = { refused: t.refused, no_quota: t.no_quota, failed: t.failed };
      this.setData({ problem: said[why], done: false });
      return;
    }
    this.setData({ confirming: true, problem: '', done: false });
    try {
      await bindPhone(detail);
      confirmed = detail;
      this.setData({ done: true });
    } catch (error) {
      this.setData({ problem: asFailure(error).code === 'phone_taken' ? t.taken : explain(error) });
    }
    this.setData({ confirming: false });
    this.showPerson();
  },
  /** With the number that was just confirmed; another tap on the button would cost the business another confirmation. */
  async claim() {
    if (confirmed === undefined || this.data.claiming) return;
    this.setData({ claiming: true, problem: '' });
    try {
      const tickets = await claimByPhone({ ...confirmed, code: undefined });
      void wx.showToast({ title: filled(texts().claim.done, { number: tickets.length }), icon: 'none' });
      void wx.switchTab({ url: '/pages/tabs/tickets/index' });
    } catch (error) {
      this.setData({ problem: asFailure(error).code === 'not_found' ? texts().phone.no_tickets : explain(error) });
    }
    this.setData({ claiming: false });
  },
  leave() {
    void wx.navigateBack().catch(() => wx.switchTab({ url: '/pages/tabs/me/index' }));
  },
});
