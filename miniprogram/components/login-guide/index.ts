import { bindingTokenIn } from '../../services/binding-link';
import { asFailure, explain, type Choice } from '../../services/failure';
import { consentForLogin } from '../../services/privacy';
import { logIn, type Entry } from '../../services/session';
import { read, write } from '../../services/storage';
import { unitCodeIn } from '../../services/unit-link';
import { filled, texts } from '../../texts/index';

const BIND = '/pages/account/bind/index';

type Step = 'hello' | 'closed' | 'choose';
type Tap = WechatMiniprogram.TouchEvent<object, object, { scene: string; name: string }>;

/**
 * Leads a person in: what is asked and why, logging in, choosing among several organizations, and the ways into one
 * that lets no guests in. Fires `done` when the person is in, and `look` when they would rather look around first.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** Offers to look around without logging in. */
    mayLook: { type: Boolean, value: false },
    /** Another organization that has turned a guest away: the ways in are for this one. */
    closedScene: { type: String, value: '' },
  },
  data: {
    t: texts().guide,
    step: 'hello' as Step,
    organization: '',
    closed: '',
    choices: [] as readonly Choice[],
    /** There are other organizations, as far as is known. */
    others: false,
    problem: '',
    entering: false,
    chosen: '',
    bind: BIND,
  },
  observers: {
    closedScene(scene: string) {
      if (scene !== '') this.setData({ step: 'closed', bind: `${BIND}?scene=${encodeURIComponent(scene)}` });
    },
  },
  lifetimes: {
    attached() {
      this.speak();
    },
  },
  pageLifetimes: {
    show() {
      this.speak();
    },
  },
  methods: {
    speak() {
      const t = texts().guide;
      const elsewhere = this.data.closedScene !== '';
      const name = elsewhere ? undefined : read('organization')?.name;
      this.setData({
        t,
        organization: name === undefined ? '' : filled(t.organization, { organization: name }),
        closed: name === undefined ? t.closed : filled(t.closed_at, { organization: name }),
        others: !elsewhere && (this.data.choices.length > 1 || read('organization') !== undefined),
      });
    },
    async logIn() {
      if (this.data.entering) return;
      this.setData({ entering: true, problem: '' });
      if (await consentForLogin()) await this.enter({});
      else this.setData({ problem: texts().guide.consent_needed });
      this.setData({ entering: false });
    },
    async enter(entry: Entry) {
      try {
        await logIn(entry);
        this.setData({ step: 'hello', problem: '' });
        this.triggerEvent('done');
      } catch (error) {
        const { code, choices } = asFailure(error);
        if (code === 'guests_not_allowed') this.setData({ step: 'closed', problem: '' });
        else if (code === 'organization_required') this.setData({ step: 'choose', choices, problem: '' });
        else this.setData({ problem: explain(error) });
        this.speak();
      }
    },
    async choose({ currentTarget: { dataset } }: Tap) {
      if (this.data.chosen !== '') return;
      this.setData({ chosen: dataset.scene, problem: '' });
      // Also where guests are not allowed: an invitation or an account is for this one.
      write('organization', { scene: dataset.scene, name: dataset.name });
      await this.enter({ scene: dataset.scene });
      this.setData({ chosen: '' });
    },
    /** Without a scene the server names the organizations, if there are several. */
    async chooseOther() {
      if (this.data.entering) return;
      this.setData({ entering: true, problem: '' });
      await this.enter({ scene: '' });
      if (this.data.step === 'closed') this.setData({ problem: texts().guide.only });
      this.setData({ entering: false });
    },
    async scan() {
      const scanned = await wx.scanCode({ scanType: ['qrCode', 'wxCode'] as never }).catch(() => undefined);
      if (scanned === undefined) return;
      const token = bindingTokenIn(scanned.path ?? scanned.result) ?? bindingTokenIn(scanned.result);
      const unit = unitCodeIn(scanned);
      if (unit !== undefined) void wx.navigateTo({ url: `/pages/service/unit/index?code=${unit}` });
      else if (token === undefined) this.setData({ problem: texts().guide.no_link });
      else
        void wx.navigateTo({
          url: `${this.data.bind}${this.data.bind.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`,
        });
    },
    look() {
      this.triggerEvent('look');
    },
  },
});
