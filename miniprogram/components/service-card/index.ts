import { onDrafts, waitingDrafts } from '../../services/report-drafts';
import { scanUnit } from '../../services/unit-scan';
import { filled, texts } from '../../texts/index';

const ended = new WeakMap<object, () => void>();

/** A customer's ways to equipment: scan a unit, one's own reports and units; and what waits to be sent. */
Component({
  options: { styleIsolation: 'apply-shared' },
  data: { t: texts().service, waiting: '' },
  lifetimes: {
    attached() {
      this.show();
      ended.set(
        this,
        onDrafts(() => this.show()),
      );
    },
    detached() {
      ended.get(this)?.();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const t = texts().service;
      const number = waitingDrafts().length;
      this.setData({ t, waiting: number === 0 ? '' : filled(t.waiting, { number }) });
    },
    scan() {
      void scanUnit();
    },
  },
});
