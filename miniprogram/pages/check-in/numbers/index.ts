import { fetchStats } from '../../../services/check-ins';
import { currentPost } from '../../../services/posts';
import { moment } from '../../../services/time';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

const REFRESH_EVERY = 5_000;
let timer = 0;

definePage({
  title: 'numbers',
  texts: ['numbers'],
  data: {
    ...LOADING,
    place: '',
    entered: 0,
    expected: 0,
    inside: 0,
    percent: 0,
    gates: [] as { name: string; number: number }[],
    latest: '',
  },
  onShow() {
    const post = currentPost();
    if (post === undefined) {
      void wx.redirectTo({ url: '/pages/check-in/post/index' });
      return;
    }
    this.setData({ place: `${post.event.name} · ${post.list.name}` });
    void this.load();
    timer = setInterval(() => void this.load(), REFRESH_EVERY);
  },
  onHide() {
    clearInterval(timer);
  },
  onUnload() {
    clearInterval(timer);
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  load() {
    return fill(this, async () => {
      const post = currentPost();
      if (post === undefined) return 'empty';
      const stats = await fetchStats(post.list.id);
      const gates = Object.entries(stats.entries_by_gate).map(([gate, number]) => ({
        name: gate === '' ? texts().numbers.no_gate : gate,
        number,
      }));
      gates.sort((one, other) => other.number - one.number);
      this.setData({
        entered: stats.entered,
        expected: stats.expected,
        inside: stats.inside,
        percent: stats.expected === 0 ? 0 : Math.round((stats.entered / stats.expected) * 100),
        gates,
        latest: stats.latest_scan_at ? moment(stats.latest_scan_at, post.event.utc_offsets) : '',
      });
      return 'ready';
    });
  },
});
