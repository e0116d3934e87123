/** Pages about the post that was chosen: they are read anew when shown, pulled down, back online, and every so often. */
import { currentPost, type Post } from '../services/posts';
import type { Texts } from '../texts/index';
import { definePage } from './define-page';
import { fill, LOADING } from './filling';

type Section = keyof Texts;
type Given = WechatMiniprogram.IAnyObject;

interface Definition<D extends Given, S extends Section> {
  title: keyof Texts['titles'];
  texts: readonly S[];
  data: D;
  /** Milliseconds between two readings while the page is shown. */
  refreshEvery?: number;
  /** What the page shows; null when there is nothing yet. */
  read: (post: Post) => Promise<D | null>;
}

export function definePostPage<D extends Given, S extends Section>(definition: Definition<D, S>): void {
  const { title, refreshEvery, read } = definition;
  // What the shared part does not look at has no type of its own here.
  const texts: readonly Section[] = definition.texts;
  const data: Given = definition.data;
  let timer = 0;
  definePage({
    title,
    texts,
    data: { ...LOADING, place: '', ...data },
    onShow() {
      const post = currentPost();
      if (post === undefined) {
        void wx.redirectTo({ url: '/pages/check-in/post/index' });
        return;
      }
      this.setData({ place: `${post.event.name} · ${post.list.name}` });
      void this.load();
      if (refreshEvery !== undefined) timer = setInterval(() => void this.load(), refreshEvery);
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
        const shown = post === undefined ? null : await read(post);
        if (shown === null) return 'empty';
        this.setData(shown);
        return 'ready';
      });
    },
  });
}
