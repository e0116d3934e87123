import { openPrivacyContract } from '../../../services/privacy';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';

definePage({
  title: 'privacy',
  texts: ['privacy'],
  data: {},
  /** The contract that the account's owner filed with WeChat; ours above says the same in fewer words. */
  async openContract() {
    if (await openPrivacyContract()) return;
    void wx.showToast({ title: texts().privacy.contract_failed, icon: 'none' });
  },
});
