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
      if (current() === undefined) await logIn();
      const role = await acceptInvitation(code);
      void wx.showToast({ title: filled(texts().enroll.done, { role: texts().roles[role] }), icon: 'none' });
      if (may('staff')) void wx.redirectTo({ url: '/pages/check-in/post/index' });
      else void wx.navigateBack();
    } catch (error) {
      this.setData({ problem: explain(error) });
    }
    this.setData({ joining: false });
  },
});
