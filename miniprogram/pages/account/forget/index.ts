import { forgetMe } from '../../../services/account';
import { explain } from '../../../services/failure';
import { fieldActs } from '../../../services/field-queue';
import { waitingHere } from '../../../services/scans';
import { current } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

definePage({
  title: 'forget',
  texts: ['forget'],
  data: { other: '', waiting: '', acts: '', problem: '', forgetting: false },
  onShow() {
    const t = texts().forget;
    const number = waitingHere().length;
    const acts = fieldActs().length;
    this.setData({
      other: filled(t.stays_other, { organization: this.organization() }),
      waiting: number === 0 ? '' : filled(t.waiting, { number }),
      acts: acts === 0 ? '' : filled(t.waiting_acts, { number: acts }),
    });
  },
  organization(): string {
    return current()?.organization.name ?? '';
  },
  async forget() {
    const t = texts().forget;
    if (this.data.forgetting) return;
    const { confirm } = await wx.showModal({
      title: t.title,
      content: filled(t.confirm, { organization: this.organization() }),
      confirmText: t.yes,
      cancelText: texts().sheet.cancel,
    });
    if (!confirm) return;
    this.setData({ forgetting: true, problem: '' });
    try {
      await forgetMe();
      await wx.reLaunch({ url: '/pages/tabs/home/index' });
      void wx.showToast({ title: t.done, icon: 'none' });
    } catch (error) {
      this.setData({ problem: explain(error) });
    }
    this.setData({ forgetting: false });
  },
});
