import { explain } from '../../../services/failure';
import { currentPost, fetchLists, takePost, type CheckInList, type Event } from '../../../services/posts';
import { period } from '../../../services/time';
import { definePage } from '../../define-page';
import { fill, LOADING } from '../../filling';

interface Choice {
  event: Event;
  when: string;
  lists: CheckInList[];
}

type Tap = WechatMiniprogram.TouchEvent<object, object, { event?: string; list?: string; gate?: string }>;

definePage({
  title: 'post',
  texts: ['post'],
  data: { ...LOADING, events: [] as Choice[], list: '', gate: '', starting: false },
  onShow() {
    const post = currentPost();
    if (post !== undefined && this.data.list === '') this.setData({ list: post.list.id, gate: post.gate ?? '' });
    void this.load();
  },
  onNetwork(online: boolean) {
    if (online) void this.load();
  },
  load() {
    return fill(this, async () => {
      const found = (await fetchLists()).filter(({ lists }) => lists.length > 0);
      const events = found.map(({ event, lists }) => ({
        event,
        lists,
        when: period(event.starts_at, event.ends_at, event.utc_offsets),
      }));
      this.setData({ events });
      return events.length === 0 ? 'empty' : 'ready';
    });
  },
  chooseList({ currentTarget: { dataset } }: Tap) {
    this.setData({ list: dataset.list ?? '', gate: '' });
  },
  chooseGate({ currentTarget: { dataset } }: Tap) {
    this.setData({ gate: dataset.gate ?? '' });
  },
  async start() {
    const { events, list: id, gate } = this.data;
    const event = events.find(({ lists }) => lists.some((list) => list.id === id))?.event;
    const list = events.flatMap(({ lists }) => lists).find((known) => known.id === id);
    if (event === undefined || list === undefined) return;
    this.setData({ starting: true });
    try {
      await takePost(event, list, gate === '' ? undefined : gate);
      void wx.redirectTo({ url: '/pages/check-in/scan/index' });
    } catch (error) {
      void wx.showToast({ title: explain(error), icon: 'none' });
    }
    this.setData({ starting: false });
  },
});
