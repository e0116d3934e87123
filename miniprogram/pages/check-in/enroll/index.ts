import { explain } from '../../../services/failure';
import { acceptInvitation, current, logIn, may } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

definePage({
  title: 'enroll',
  texts: ['enroll'],
  data: { code: '', problem: '', joining: false },
  /** A link or QR code may bring the invitation with it. */
  onLoad(query: { code?: string }) {
    this.setData({ code: query.code === undefined ? '' : decodeURIComponent(query.code) });
  },
  write({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ code: detail.value, problem: '' });
  },
  async join() {
    const code = this.data.code.trim();
    if (code === '') {
      this.setData({ problem: texts().enroll.missing });
      return;
    }
    this.setData({ joining: true });
    try {
      // Without a login the invitation also says to which organization.
      if (current() === undefined) await logIn(code);
      else await acceptInvitation(code);
      const roles = (current()?.roles ?? []).map((role) => texts().roles[role]).join(texts().verdict.and);
      void wx.showToast({ title: filled(texts().enroll.done, { role: roles }), icon: 'none' });
      if (may('staff')) void wx.redirectTo({ url: '/pages/check-in/post/index' });
      else void wx.switchTab({ url: '/pages/tabs/home/index' });
    } catch (error) {
      this.setData({ problem: explain(error) });
    }
    this.setData({ joining: false });
  },
});
