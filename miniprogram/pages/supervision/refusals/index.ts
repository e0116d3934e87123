import { fetchHistory, fetchStats } from '../../../services/check-ins';
import { recordLine, type ScanLine } from '../../../services/scan-lines';
import { read } from '../../../services/storage';
import { reasonText } from '../../../services/verdicts';
import { definePostPage } from '../../define-post-page';

definePostPage({
  title: 'refusals',
  texts: ['refusals'],
  data: { counts: [] as { name: string; number: number }[], latest: [] as ScanLine[] },
  async read(post) {
    const [{ refused }, { items }] = await Promise.all([
      fetchStats(post.list.id),
      fetchHistory(post.list.id, { status: 'error' }),
    ]);
    const counts = Object.entries(refused).map(([reason, number]) => ({ name: reasonText(reason), number }));
    if (counts.length === 0) return null;
    counts.sort((one, other) => other.number - one.number);
    return { counts, latest: items.map((record) => recordLine(record, post, read('device_id'))) };
  },
});
