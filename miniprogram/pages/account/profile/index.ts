import { fetchOrganizations, fetchProfile, unbindAccount, type MyOrganization } from '../../../services/account';
import { explain } from '../../../services/failure';
import { rolesText } from '../../../services/roles';
import { current, refreshMe } from '../../../services/session';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';
import { accountRow, type AccountRow } from './account-row';

type Tap = WechatMiniprogram.TouchEvent<object, object, { scene: string }>;

definePage({
  title: 'profile',
  texts: ['profile'],
  data: {
    ...LOADING,
    logged_in: false,
    name: '',
    organization: '',
    number: '',
    roles: '',
    phone: '',
    userid: '',
    accounts: [] as AccountRow[],
    organizations: [] as MyOrganization[],
    unbinding: false,
  },
  onShow() {
    this.setData({ logged_in: current() !== undefined });
    if (current() !== undefined) void this.load();
  },
  onNetwork(online: boolean) {
    if (online) this.onShow();
  },
  async onPullDownRefresh() {
    if (current() !== undefined) await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      const [profile, organizations] = await Promise.all([fetchProfile(), fetchOrganizations(), refreshMe()]);
      this.setData({ accounts: profile.identities.map(accountRow), organizations });
      this.showPerson();
      return 'ready';
    });
  },
  showPerson() {
    const session = current();
    const { name = '', phone = '', userid = '' } = session?.known ?? {};
    this.setData({
      name,
      organization: session?.organization.name ?? '',
      phone,
      userid,
      number: session?.person_id.slice(-8) ?? '',
      roles: rolesText(session?.roles ?? []),
    });
  },
  bind() {
    void wx.navigateTo({ url: '/pages/account/bind/index' });
  },
  async unbind() {
    const t = texts().profile;
    if (this.data.unbinding) return;
    const { confirm } = await wx.showModal({
      title: t.unbind,
      content: filled(t.unbind_confirm, { userid: this.data.userid }),
      confirmText: texts().sheet.confirm,
      cancelText: texts().sheet.cancel,
    });
    if (!confirm) return;
    this.setData({ unbinding: true });
    try {
      await unbindAccount();
      void wx.showToast({ title: t.unbound, icon: 'none' });
      // Where guests are not let in, that was the end of the login.
      this.onShow();
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ unbinding: false });
  },
  enter({ currentTarget: { dataset } }: Tap) {
    void wx.navigateTo({ url: `/pages/account/switch/index?to=${encodeURIComponent(dataset.scene)}` });
  },
});
