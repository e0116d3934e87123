import { allFieldActs } from '../../../services/field-queue';
import { dropAllMedia } from '../../../services/media';
import { waitingDrafts } from '../../../services/report-drafts';
import { waitingScans } from '../../../services/scans';
import { current, logOut } from '../../../services/session';
import { forget, read, STORED_KEYS } from '../../../services/storage';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';

definePage({
  title: 'stored',
  texts: ['stored'],
  data: { items: [] as { key: string; name: string; size: string }[] },
  onShow() {
    this.list();
  },
  list() {
    const t = texts();
    const items = STORED_KEYS.flatMap((key) => {
      const value = read(key);
      if (value === undefined) return [];
      const bytes = encodeURIComponent(JSON.stringify(value)).replace(/%../g, '_').length;
      return [{ key, name: t.storedKeys[key], size: filled(t.stored.size, { bytes }) }];
    });
    this.setData({ items });
  },
  async clear() {
    const t = texts().stored;
    const waiting = waitingScans().length;
    const acts = allFieldActs().length;
    const reports = waitingDrafts().length;
    const lost = [
      waiting > 0 ? filled(t.clear_waiting, { number: waiting }) : '',
      acts > 0 ? filled(t.clear_acts, { number: acts }) : '',
      reports > 0 ? filled(t.clear_reports, { number: reports }) : '',
    ].join('');
    const content = lost === '' ? t.clear_confirm : lost;
    const { confirm } = await wx.showModal({
      title: t.clear,
      content,
      confirmText: texts().sheet.confirm,
      cancelText: texts().sheet.cancel,
    });
    if (!confirm) return;
    if (current() !== undefined) await logOut();
    dropAllMedia();
    forget(...STORED_KEYS);
    this.list();
    void wx.showToast({ title: t.cleared, icon: 'none' });
  },
});
