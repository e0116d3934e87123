import { rolesText } from '../../../services/roles';
import { current, logOut, refreshMe } from '../../../services/session';
import { read } from '../../../services/storage';
import { chooseLanguage, texts, type Language } from '../../../texts/index';
import { definePage } from '../../define-page';

/** Each in its own language, so that it is found by who needs it. */
const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: 'zh', name: texts().languages.zh },
  { language: 'en', name: texts().languages.en },
];

definePage({
  title: 'me',
  texts: ['me', 'service'],
  data: { logged_in: false, name: '', organization: '', roles: '', phone: '', account: '', language: '' },
  onShow() {
    this.showPerson();
    if (current() === undefined) return;
    // Roles are given and withdrawn elsewhere; without network what is known stays.
    refreshMe().then(
      () => this.showPerson(),
      () => undefined,
    );
  },
  showPerson() {
    const session = current();
    const t = texts().me;
    const { name = '', phone, userid } = session?.known ?? {};
    const chosen = LANGUAGES.find(({ language }) => language === read('language'));
    this.setData({
      logged_in: session !== undefined,
      name,
      organization: session?.organization.name ?? '',
      roles: rolesText(session?.roles ?? []),
      phone: phone ?? t.not_bound,
      account: userid ?? t.not_bound,
      language: chosen?.name ?? t.language_auto,
    });
  },
  logIn() {
    void wx.navigateTo({ url: '/pages/account/welcome/index' });
  },
  openProfile() {
    void wx.navigateTo({ url: '/pages/account/profile/index' });
  },
  async pickLanguage() {
    const names = [texts().me.language_auto, ...LANGUAGES.map(({ name }) => name)];
    const picked = await wx.showActionSheet({ itemList: names }).catch(() => undefined);
    if (picked === undefined) return;
    chooseLanguage(LANGUAGES[picked.tapIndex - 1]?.language);
    this.onShow();
  },
  async logOut() {
    const t = texts().me;
    const { confirm } = await wx.showModal({
      title: t.log_out,
      content: t.log_out_confirm,
      confirmText: texts().sheet.confirm,
      cancelText: texts().sheet.cancel,
    });
    if (!confirm) return;
    await logOut();
    this.showPerson();
    void wx.showToast({ title: t.logged_out_done, icon: 'none' });
  },
});
