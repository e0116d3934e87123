import { learnFaults } from '../../services/equipment';
import { sendFieldActs } from '../../services/field-queue';
import { fetchOwn } from '../../services/own-orders';
import { learnSettings } from '../../services/service-settings';
import { current, may } from '../../services/session';
import { texts } from '../../texts/index';

/** What engineers, dispatchers and supervisors do, for the home page; nothing for everybody else. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** Changes when the roles may have changed. */
    roles: { type: String, value: '' },
  },
  data: { t: texts().fieldHome, engineer: false, dispatcher: false, approver: false },
  observers: {
    roles() {
      this.show();
    },
  },
  lifetimes: {
    attached() {
      this.show();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
      if (current() !== undefined) void this.catchUp();
    },
  },
  methods: {
    show() {
      this.setData({
        t: texts().fieldHome,
        engineer: may('engineer'),
        dispatcher: may('dispatcher'),
        approver: may('dispatcher') || may('supervisor'),
      });
    },
    /** What waits is sent, and what an engineer may need without network is fetched. */
    async catchUp() {
      await sendFieldActs();
      if (!may('engineer')) return;
      await learnSettings();
      // Without network what is known has to do.
      const own = await fetchOwn().catch(() => []);
      await learnFaults(own);
    },
    openNearby() {
      void wx.navigateTo({ url: '/pages/field/nearby/index' });
    },
  },
});
