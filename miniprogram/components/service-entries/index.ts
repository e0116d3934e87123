import { sendFieldActs } from '../../services/field-queue';
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
      if (current() !== undefined) void sendFieldActs();
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
    openNearby() {
      void wx.navigateTo({ url: '/pages/field/nearby/index' });
    },
  },
});
