/** A list of listeners. One that throws does not keep the others from hearing. */
export class Signal {
  #listeners = new Set();

  on(listener) {
    this.#listeners.add(listener);
  }

  /** Without a listener, all go. */
  off(listener) {
    if (listener === undefined) this.#listeners.clear();
    else this.#listeners.delete(listener);
  }

  emit(...values) {
    for (const listener of [...this.#listeners]) {
      try {
        listener(...values);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
