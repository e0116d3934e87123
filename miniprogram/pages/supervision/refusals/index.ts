import { fetchHistory, fetchStats } from '../../../services/check-ins';
import { currentPost } from '../../../services/posts';
import { recordLine, type ScanLine } from '../../../services/scan-lines';
import { read } from '../../../services/storage';
import { reasonText } from '../../../services/verdicts';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

definePage({
  title: 'refusals',
  texts: ['refusals'],
  data: { ...LOADING, place: '', counts: [] as { name: string; number: number }[], latest: [] as ScanLine[] },
  onShow() {
    const post = currentPost();
    if (post === undefined) {
      void wx.redirectTo({ url: '/pages/check-in/post/index' });
      return;
    }
    this.setData({ place: `${post.event.name} · ${post.list.name}` });
    void this.load();
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
      const [stats, history] = await Promise.all([
        fetchStats(post.list.id),
        fetchHistory(post.list.id, { status: 'error' }),
      ]);
      const counts = Object.entries(stats.refused).map(([reason, number]) => ({ name: reasonText(reason), number }));
      counts.sort((one, other) => other.number - one.number);
      this.setData({ counts, latest: history.items.map((record) => recordLine(record, post, read('device_id'))) });
      return counts.length === 0 ? 'empty' : 'ready';
    });
  },
});
