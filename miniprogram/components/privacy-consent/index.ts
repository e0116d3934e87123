import { openPrivacyContract, privacyContractName } from '../../services/privacy';
import { filled, texts } from '../../texts/index';

type Resolve = (answer: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void;

const BUTTON = 'agree-privacy';

/**
 * Asks for the consent that WeChat demands before some interfaces (`wx.onNeedPrivacyAuthorization`, base library
 * 2.32.3). A page that uses such an interface carries one of these.
 */
Component({
  data: {
    visible: false,
    t: texts().consent,
    body: '',
    button: BUTTON,
  },
  lifetimes: {
    attached() {
      this.listen();
    },
  },
  pageLifetimes: {
    // WeChat keeps one listener, so the page that is shown takes its turn.
    show() {
      this.listen();
    },
  },
  methods: {
    listen() {
      if (!wx.canIUse('onNeedPrivacyAuthorization')) return;
      // The client hands over a function; WeChat's own types speak of a result.
      wx.onNeedPrivacyAuthorization(((resolve: Resolve) => {
        waiting.push(resolve);
        void this.open();
      }) as unknown as WechatMiniprogram.OnNeedPrivacyAuthorizationCallback);
    },
    async open() {
      const t = texts().consent;
      const contract = (await privacyContractName()) ?? t.contract;
      this.setData({ t, body: filled(t.body, { contract }), visible: true });
      waiting.forEach((resolve) => resolve({ event: 'exposureAuthorization' }));
    },
    read() {
      void openPrivacyContract();
    },
    agree() {
      this.answer((resolve) => resolve({ event: 'agree', buttonId: BUTTON }));
    },
    refuse() {
      this.answer((resolve) => resolve({ event: 'disagree' }));
    },
    changed(event: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!event.detail.visible) this.refuse();
    },
    answer(tell: (resolve: Resolve) => void) {
      this.setData({ visible: false });
      waiting.splice(0).forEach(tell);
    },
  },
});

/** Several interfaces may ask at once; one answer is for all of them. */
const waiting: Resolve[] = [];
