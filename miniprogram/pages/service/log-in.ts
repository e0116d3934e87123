/** To the login where a report belongs that waits for it. */
import type { ReportDraft } from '../../services/report-drafts';
import { current } from '../../services/session';
import { write } from '../../services/storage';

const ORDERS = '/pages/service/orders/index';

/** Whoever is logged in elsewhere is asked before they leave, and comes to their reports. */
export function logInFor({ unit, organization_id, organization }: ReportDraft): void {
  // The code of a unit leads to its organization.
  const scene = `u=${unit.code}`;
  if (current() === undefined) {
    write('organization', { scene, id: organization_id, name: organization });
    void wx.navigateTo({ url: '/pages/account/welcome/index' });
    return;
  }
  const [to, next] = [encodeURIComponent(scene), encodeURIComponent(ORDERS)];
  void wx.navigateTo({ url: `/pages/account/switch/index?to=${to}&next=${next}` });
}
