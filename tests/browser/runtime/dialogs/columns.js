/** The wheel of a `<picker mode="multiSelector">`: one list for each column. */
import { h } from '../dom.js';
import { showLayer } from './layer.js';

/**
 * @param {object} options
 * @param {string} options.label
 * @param {() => string[][]} options.columns what each column offers; a page may change it while it is open
 * @param {number[]} options.value index in each column
 * @param {(column: number, index: number) => void} options.onColumn
 * @param {(value: number[] | undefined) => void} options.onDone undefined when it was left
 * @returns {(value: number[]) => void} draws the columns anew
 */
export function showColumns({ label, columns, value, onColumn, onDone }) {
  const row = h('div', { class: 'wechat-columns' });
  let chosen = [...value];
  let close;
  const leave = (answer) => () => {
    close();
    onDone(answer());
  };
  close = showLayer(
    'sheet columns',
    () => [
      h('h2', {}, label),
      row,
      h(
        'div',
        { class: 'wechat-layer-buttons' },
        h('button', { id: 'wechat-columns-cancel', onclick: leave(() => undefined) }, '取消'),
        h('button', { id: 'wechat-columns-confirm', class: 'wechat-main', onclick: leave(() => chosen) }, '确定'),
      ),
    ],
    { label, onBackdrop: leave(() => undefined) },
  );
  draw(chosen);

  function draw(wanted) {
    chosen = columns().map((items, column) =>
      Math.min(Math.max(0, wanted[column] ?? 0), Math.max(0, items.length - 1)),
    );
    row.replaceChildren(
      ...columns().map((items, column) => {
        const list = h('select', { 'aria-label': `第 ${column + 1} 列` });
        list.replaceChildren(...items.map((text, index) => new Option(text, String(index))));
        list.selectedIndex = chosen[column];
        list.addEventListener('change', () => {
          chosen[column] = list.selectedIndex;
          onColumn(column, list.selectedIndex);
        });
        return list;
      }),
    );
  }
  return draw;
}
