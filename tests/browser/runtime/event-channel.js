/** Messages between a page and the one that opened it. What is emitted before anyone listens waits. */
export class EventChannel {
  #listeners = new Map();
  #waiting = new Map();

  constructor(listeners = {}) {
    for (const [name, listener] of Object.entries(listeners)) this.on(name, listener);
  }

  emit(name, ...values) {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), values]);
    else for (const { listener } of [...listeners]) listener(...values);
  }

  on(name, listener) {
    this.#add(name, { listener });
  }

  once(name, listener) {
    const entry = {
      listener: (...values) => {
        this.#remove(name, (one) => one === entry);
        listener(...values);
      },
    };
    this.#add(name, entry);
  }

  off(name, listener) {
    if (listener === undefined) this.#listeners.delete(name);
    else this.#remove(name, (one) => one.listener === listener);
  }

  #add(name, entry) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), entry]);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const values of waiting) this.emit(name, ...values);
  }

  #remove(name, matches) {
    const left = (this.#listeners.get(name) ?? []).filter((one) => !matches(one));
    if (left.length > 0) this.#listeners.set(name, left);
    else this.#listeners.delete(name);
  }
}
