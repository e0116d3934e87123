import { explain } from '../../../services/failure';
import { current, logIn, logOut, refreshRoles } from '../../../services/session';
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
  texts: ['me'],
  data: { logged_in: false, logging_in: false, organization: '', roles: '', person: '', language: '' },
  onShow() {
    this.showPerson();
    if (current() === undefined) return;
    // Roles are given and withdrawn elsewhere; without network the known ones stay.
    refreshRoles().then(
      () => this.showPerson(),
      () => undefined,
    );
  },
  showPerson() {
    const session = current();
    const names: Record<string, string> = texts().roles;
    const chosen = LANGUAGES.find(({ language }) => language === read('language'));
    this.setData({
      logged_in: session !== undefined,
      organization: session?.organization.name ?? '',
      roles: (session?.roles.length ? session.roles : ['guest'])
        .map((role) => names[role] ?? role)
        .join(texts().verdict.and),
      person: session?.person_id.slice(-8) ?? '',
      language: chosen?.name ?? texts().me.language_auto,
    });
  },
  async logIn() {
    this.setData({ logging_in: true });
    try {
      await logIn();
      this.showPerson();
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ logging_in: false });
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
