/** The calls of `wx` and the errors of one phone, newest first. */
import { both, h } from './elements.js';

const MOST = 200;

export function createLog() {
  const count = h('b', { class: 'count' });
  const errorCount = h('b', { class: 'count errors', hidden: true });
  const list = h('ol', {});
  const element = h(
    'details',
    { class: 'log' },
    h('summary', {}, ...both('调用与错误', 'Calls and errors'), count, errorCount),
    list,
  );
  let calls = 0;
  let errors = 0;

  function add(kind, entry) {
    if (kind === 'error') errors++;
    else calls++;
    count.textContent = String(calls);
    errorCount.textContent = String(errors);
    errorCount.hidden = errors === 0;
    list.prepend(kind === 'error' ? h('li', { class: 'error' }, entry) : callEntry(entry));
    while (list.childElementCount > MOST) list.lastElementChild.remove();
  }

  return {
    element,
    /** Each start of a phone begins a new log. */
    watch(phone) {
      [calls, errors] = [0, 0];
      list.replaceChildren();
      errorCount.hidden = true;
      for (const call of phone.calls) add('call', call);
      for (const error of phone.errors) add('error', error);
      phone.recorded.on(add);
    },
  };
}

function callEntry({ name, arg, at }) {
  const time = new Date(at).toTimeString().slice(0, 8);
  const text = arg === undefined ? '' : JSON.stringify(arg);
  return h('li', {}, h('time', {}, time), h('code', {}, name), h('span', { title: text }, text));
}
