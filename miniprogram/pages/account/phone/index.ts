import { asFailure, explain } from '../../../services/failure';
import { bindPhone, whyNoPhone, type PhoneAnswer } from '../../../services/phone-number';
import { current, refreshMe } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

definePage({
  title: 'phone',
  texts: ['phone'],
  data: { logged_in: false, known: '', done: false, confirming: false, problem: '' },
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
      this.setData({ done: true });
    } catch (error) {
      this.setData({ problem: asFailure(error).code === 'phone_taken' ? t.taken : explain(error) });
    }
    this.setData({ confirming: false });
    this.showPerson();
  },
  leave() {
    void wx.navigateBack().catch(() => wx.switchTab({ url: '/pages/tabs/me/index' }));
  },
});
