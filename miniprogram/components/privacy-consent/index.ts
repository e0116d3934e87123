import {
  answerConsent,
  askConsentWith,
  consentIsShown,
  openPrivacyContract,
  privacyContractName,
} from '../../services/privacy';
import { filled, texts } from '../../texts/index';

const BUTTON = 'agree-privacy';
const ended = new WeakMap<object, () => void>();

/** Asks for the consent that WeChat demands before some interfaces; a page that uses one of them carries this. */
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
    detached() {
      ended.get(this)?.();
    },
  },
  pageLifetimes: {
    show() {
      this.listen();
    },
  },
  methods: {
    listen() {
      const end = askConsentWith(() => void this.open());
      ended.get(this)?.();
      ended.set(this, end);
    },
    async open() {
      const t = texts().consent;
      const contract = (await privacyContractName()) ?? t.contract;
      this.setData({ t, body: filled(t.body, { contract }), visible: true });
      consentIsShown();
    },
    read() {
      void openPrivacyContract();
    },
    agree() {
      this.setData({ visible: false });
      answerConsent(BUTTON);
    },
    refuse() {
      this.setData({ visible: false });
      answerConsent(undefined);
    },
    changed(event: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!event.detail.visible) this.refuse();
    },
  },
});
