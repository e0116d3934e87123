import { h } from '../dom.js';
import { ask, showLayer } from './layer.js';

export async function showModal(options) {
  const { title, content = '', editable = false, placeholderText = '', showCancel = true } = options;
  const field = editable
    ? h('input', {
        class: 'wechat-modal-field',
        placeholder: placeholderText,
        value: content,
        'aria-label': title || placeholderText,
      })
    : undefined;
  const cancel = {
    id: 'wechat-modal-cancel',
    text: options.cancelText ?? '取消',
    color: options.cancelColor,
    value: false,
  };
  const confirm = {
    id: 'wechat-modal-confirm',
    text: options.confirmText ?? '确定',
    color: options.confirmColor ?? '#576b95',
    value: true,
    main: true,
  };
  const isConfirmed = await ask('modal', {
    title,
    content: [field ?? h('p', {}, content)],
    buttons: showCancel ? [cancel, confirm] : [confirm],
  });
  return { confirm: isConfirmed, cancel: !isConfirmed, content: isConfirmed && field ? field.value : null };
}

/** Resolves with the index, or undefined when it was left. */
export function showActionSheet({ itemList, itemColor = '#000', alertText }) {
  return new Promise((resolve) => {
    const leave = (close, value) => () => {
      close();
      resolve(value);
    };
    let closeLayer = () => {};
    closeLayer = showLayer(
      'sheet action-sheet',
      (close) => [
        ...(alertText ? [h('p', { class: 'wechat-sheet-note' }, alertText)] : []),
        ...itemList.map((text, index) =>
          h('button', { style: `color: ${itemColor}`, onclick: leave(close, index) }, text),
        ),
        h('button', { class: 'wechat-sheet-cancel', onclick: leave(close, undefined) }, '取消'),
      ],
      { onBackdrop: () => leave(closeLayer, undefined)() },
    );
  });
}
