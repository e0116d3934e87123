/** Components that show what an engineer has still to send or to end. */
import { onFieldActs } from './field-queue';
import { onOwnOrders } from './own-orders';

interface Showing {
  show(): void;
}

const ended = new WeakMap<object, (() => void)[]>();

/** Lets a component show anew what it is about: when it and its page come up, and whenever something of it changes. */
export const showingField = {
  lifetimes: {
    attached(this: Showing): void {
      const again = (): void => this.show();
      ended.set(this, [onFieldActs(again), onOwnOrders(again)]);
      this.show();
    },
    detached(this: Showing): void {
      ended.get(this)?.forEach((end) => end());
    },
  },
  pageLifetimes: {
    show(this: Showing): void {
      this.show();
    },
  },
};
