import { decoded, leadsTo } from '../../../services/arrival';
import { current } from '../../../services/session';
import { definePage } from '../../define-page';

/** Where a person logs in who needs to be in; leads back once they are. */
definePage({
  title: 'welcome',
  texts: [],
  data: { scene: '' },
  /** `to`: an organization that lets no guests in, to which somebody wants to switch. */
  onLoad(query: { to?: string }) {
    this.setData({ scene: decoded(query.to) ?? '' });
  },
  onShow() {
    // They may have come in by an invitation or with their account, on a page above this one.
    const session = current();
    if (session !== undefined && leadsTo(this.data.scene, session.scene)) this.leave();
  },
  leave() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: '/pages/tabs/home/index' });
  },
});
