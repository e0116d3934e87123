import { decoded } from '../../../services/arrival';
import { asFailure, explain } from '../../../services/failure';
import { rolesText } from '../../../services/roles';
import { acceptInvitation, current, logIn, may } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { mayLeave } from '../../leaving';

definePage({
  title: 'enroll',
  texts: ['enroll'],
  data: { code: '', problem: '', joining: false, back: false },
  /** A link or QR code may bring the invitation with it; `back` leads back to the page that asked for it. */
  onLoad(query: { code?: string; back?: string }) {
    this.setData({ code: decoded(query.code) ?? '', back: query.back !== undefined });
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
      await this.accept(code);
      const role = rolesText(current()?.roles ?? []);
      void wx.showToast({ title: filled(texts().enroll.done, { role }), icon: 'none' });
      if (this.data.back) void wx.navigateBack();
      else if (may('staff')) void wx.redirectTo({ url: '/pages/check-in/post/index' });
      else void wx.switchTab({ url: '/pages/tabs/home/index' });
    } catch (error) {
      this.setData({ problem: explain(error) });
    }
    this.setData({ joining: false });
  },
  /** Without a login, and where the present organization does not know it, the invitation also says where it leads. */
  async accept(invitation_code: string) {
    if (current() === undefined) {
      await logIn({ invitation_code });
      return;
    }
    try {
      await acceptInvitation(invitation_code);
    } catch (error) {
      const unknown = asFailure(error).code === 'invitation_invalid';
      if (!unknown || !(await mayLeave())) throw error;
      await logIn({ invitation_code });
    }
  },
});
