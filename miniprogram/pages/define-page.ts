/**
 * What every page has: its texts in the language of the person, its title, news of the network; and nothing on it that
 * belongs to another organization than the one where the person is logged in.
 */
import { takeSwitch } from '../services/arrival';
import { onNetwork } from '../services/network';
import { current } from '../services/session';
import { language, texts, type Language, type Texts } from '../texts/index';
import { overtake } from './filling';

type Section = keyof Texts;
type Given = WechatMiniprogram.IAnyObject;

interface Shared<S extends Section> {
  /** The sections of the texts that the page shows. */
  t: Pick<Texts, S>;
}

type Definition<D extends Given, C extends Given, S extends Section> = {
  /** Names the title among the texts. */
  title: keyof Texts['titles'];
  /** The sections of the texts that the page shows, as `t`. */
  texts: readonly S[];
  data: D;
  /** Called when the network comes or goes while the page is shown. */
  onNetwork?: (online: boolean) => void;
} & C &
  Partial<WechatMiniprogram.Page.ILifetime> &
  ThisType<WechatMiniprogram.Page.Instance<D & Shared<S>, C>>;

interface Kept {
  language?: Language;
  query?: Record<string, string | undefined>;
  /** The organization of what the page shows. */
  organization?: string;
  endNetwork?: () => void;
}

const TABS: readonly (keyof Texts['tabs'])[] = ['home', 'tickets', 'me'];

/** `Page`, with what every page has. */
export function definePage<D extends Given, C extends Given, S extends Section>(definition: Definition<D, C, S>): void {
  const { title, texts: sections, onLoad, onShow, onHide, onUnload, onNetwork: onPageNetwork, ...rest } = definition;
  const spoken = (): Pick<Texts, S> => {
    const all = texts();
    return Object.fromEntries(sections.map((section) => [section, all[section]])) as Pick<Texts, S>;
  };
  const registered = language();
  const kept = new WeakMap<object, Kept>();
  const of = (page: object): Kept => {
    const known = kept.get(page) ?? {};
    kept.set(page, known);
    return known;
  };
  const leave = (page: object): void => of(page).endNetwork?.();
  type Instance = WechatMiniprogram.Page.Instance<D & Shared<S>, C>;
  const speak = (page: Instance): void => {
    void wx.setNavigationBarTitle({ title: texts().titles[title] });
    if (TABS.includes(title as keyof Texts['tabs'])) {
      TABS.forEach((tab, index) => void wx.setTabBarItem({ index, text: texts().tabs[tab] }));
    }
    if (of(page).language === language()) return;
    of(page).language = language();
    page.setData({ t: spoken() } as Partial<D & Shared<S>>);
  };

  /** Leaves for another organization, when its code has opened the mini program. */
  const isLeft = (): boolean => {
    const due = takeSwitch();
    if (due === undefined) return false;
    const query = `to=${encodeURIComponent(due.scene)}&next=${encodeURIComponent(due.next)}`;
    void wx.reLaunch({ url: `/pages/account/switch/index?${query}` });
    return true;
  };
  /** A page that was filled for another organization begins anew. */
  const beginAnew = (page: Instance): void => {
    const here = current()?.organization.id;
    const { organization: before, query = {} } = of(page);
    if (here === undefined) return;
    of(page).organization = here;
    if (before === undefined || before === here) return;
    overtake(page);
    page.setData({ ...definition.data } as unknown as Partial<D & Shared<S>>);
    void onLoad?.call(page, query);
  };

  Page({
    ...rest,
    data: { ...definition.data, t: spoken() },
    onLoad(this: Instance, query: Record<string, string | undefined>) {
      // The data was made when the page was registered; a language chosen since is put in when the page is shown.
      of(this).language = registered;
      of(this).query = query;
      return onLoad?.call(this, query);
    },
    onShow(this: Instance) {
      if (isLeft()) return undefined;
      beginAnew(this);
      speak(this);
      leave(this);
      of(this).endNetwork = onNetwork((online) => onPageNetwork?.call(this, online));
      return onShow?.call(this);
    },
    onHide(this: Instance) {
      leave(this);
      return onHide?.call(this);
    },
    onUnload(this: Instance) {
      leave(this);
      return onUnload?.call(this);
    },
  } as unknown as WechatMiniprogram.Page.Options<D & Shared<S>, C>);
}
