import { fetchStats } from '../../../services/check-ins';
import { moment } from '../../../services/time';
import { texts } from '../../../texts/index';
import { definePostPage } from '../../define-post-page';

definePostPage({
  title: 'numbers',
  texts: ['numbers'],
  refreshEvery: 5_000,
  data: {
    entered: 0,
    expected: 0,
    inside: 0,
    percent: 0,
    gates: [] as { name: string; number: number }[],
    latest: '',
  },
  async read(post) {
    const { entered, expected, inside, entries_by_gate, latest_scan_at } = await fetchStats(post.list.id);
    const gates = Object.entries(entries_by_gate).map(([gate, number]) => ({
      name: gate === '' ? texts().numbers.no_gate : gate,
      number,
    }));
    gates.sort((one, other) => other.number - one.number);
    return {
      entered,
      expected,
      inside,
      percent: expected === 0 ? 0 : Math.round((entered / expected) * 100),
      gates,
      latest: latest_scan_at ? moment(latest_scan_at, post.event.utc_offsets) : '',
    };
  },
});
