import { asFailure, explain } from '../../../services/failure';
import { whyNoPhone, type PhoneAnswer } from '../../../services/phone-number';
import { current, logIn } from '../../../services/session';
import { claimByPhone, claimTickets, type MyTicket } from '../../../services/tickets';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

type Input = WechatMiniprogram.CustomEvent<{ value: string }>;

/** Digits with what people write between them; anything else is a name. */
const PHONE = /^\+?[\d\s()-]{6,}$/;

definePage({
  title: 'claim',
  texts: ['claim'],
  data: { order_code: '', holder: '', problem: '', claiming: false, confirming: false },
  writeOrder({ detail }: Input) {
    this.setData({ order_code: detail.value, problem: '' });
  },
  writeHolder({ detail }: Input) {
    this.setData({ holder: detail.value, problem: '' });
  },
  async claim() {
    const [order_code, holder] = [this.data.order_code.trim(), this.data.holder.trim()];
    if (order_code === '' || holder === '') {
      this.setData({ problem: texts().claim.missing });
      return;
    }
    this.setData({ claiming: true });
    await this.finish(() =>
      claimTickets({ order_code, ...(PHONE.test(holder) ? { phone: holder } : { attendee_name: holder }) }),
    );
    this.setData({ claiming: false });
  },
  async confirmPhone({ detail }: WechatMiniprogram.CustomEvent<PhoneAnswer>) {
    const why = whyNoPhone(detail);
    if (why !== undefined) {
      this.setData({ problem: why === 'no_quota' ? texts().claim.no_quota : texts().claim.refused });
      return;
    }
    this.setData({ confirming: true });
    await this.finish(() => claimByPhone(detail));
    this.setData({ confirming: false });
  },
  async finish(claim: () => Promise<MyTicket[]>) {
    try {
      if (current() === undefined) await logIn();
      const tickets = await claim();
      void wx.showToast({ title: filled(texts().claim.done, { number: tickets.length }), icon: 'none' });
      void wx.switchTab({ url: '/pages/tabs/tickets/index' });
    } catch (error) {
      const { code } = asFailure(error);
      if (code === 'guests_not_allowed' || code === 'organization_required') {
        void wx.navigateTo({ url: '/pages/account/welcome/index' });
        return;
      }
      const t = texts().claim;
      const said = code === 'not_found' ? t.none : code === 'session_key_stale' ? t.tap_again : explain(error);
      this.setData({ problem: said });
    }
  },
});
