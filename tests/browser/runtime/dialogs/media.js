/** WeChat's own pages for pictures: picking some, and looking at some. */
import { Lens } from '../camera/lens.js';
import { h } from '../dom.js';
import { itemOf } from '../media/album.js';
import { showLayer } from './layer.js';

/**
 * @param {{ count: number, kinds: string[], sources: string[] }} options
 * @returns {Promise<import('../media/album.js').Item[] | undefined>} undefined when it was left
 */
export function pickMedia({ count, kinds, sources }) {
  return new Promise((resolve) => {
    const picked = [];
    const list = h('ol', { class: 'wechat-album-picked' });
    const said = h('p', { role: 'status' });
    const confirm = h('button', { id: 'wechat-album-confirm', class: 'wechat-main', disabled: true }, '完成');
    const files = h('input', {
      id: 'wechat-album-files',
      type: 'file',
      multiple: count > 1,
      accept: kinds.map((kind) => `${kind}/*`).join(),
      'aria-label': '从手机相册选择',
      onchange: async () => {
        add(await Promise.all([...files.files].map(itemOf)));
        files.value = '';
      },
    });
    const view = h('div', { class: 'wechat-album-camera' });
    let lens;
    const shoot = h('button', { id: 'wechat-album-shoot', onclick: () => photograph(lens.view).then(add) }, '拍摄');
    const hasCamera = sources.includes('camera') && kinds.includes('image');
    const leave = (close, value) => () => {
      lens?.stop();
      close();
      resolve(value());
    };
    showLayer(
      'full album',
      (close) => {
        confirm.addEventListener(
          'click',
          leave(close, () => picked),
        );
        return [
          h('h2', {}, `选择照片或视频（最多 ${count} 个）`),
          sources.includes('album') || !hasCamera ? files : undefined,
          hasCamera ? view : undefined,
          hasCamera ? shoot : undefined,
          list,
          said,
          confirm,
          h('button', { id: 'wechat-album-cancel', onclick: leave(close, () => undefined) }, '取消'),
        ].filter((one) => one !== undefined);
      },
      { label: '选择照片或视频' },
    );
    if (hasCamera) {
      lens = new Lens(view);
      lens.start();
    }

    function add(items) {
      const fitting = items.filter(({ type }) => kinds.includes(type));
      const room = count - picked.length;
      said.textContent = fitting.length > room ? `最多只能选择 ${count} 个` : '';
      for (const item of fitting.slice(0, room)) {
        picked.push(item);
        list.append(h('li', {}, item.name));
      }
      confirm.disabled = picked.length === 0;
    }
  });
}

async function photograph(canvas) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
  return [{ type: 'image', name: 'photo.jpg', bytes: new Uint8Array(await blob.arrayBuffer()) }];
}

/** @param {{ type: 'image' | 'video', address: string | undefined }[]} sources  @param {number} current */
export function showMedia(sources, current) {
  let at = current;
  const stage = h('div', { class: 'wechat-preview-stage' });
  const count = h('span', { id: 'wechat-preview-count', role: 'status' });
  const turn = (by) => () => {
    at = Math.min(sources.length - 1, Math.max(0, at + by));
    draw();
  };
  showLayer(
    'full preview',
    (close) => [
      stage,
      h(
        'div',
        { class: 'wechat-preview-bar' },
        h('button', { id: 'wechat-preview-before', onclick: turn(-1) }, '‹'),
        count,
        h('button', { id: 'wechat-preview-after', onclick: turn(1) }, '›'),
        h('button', { id: 'wechat-preview-close', onclick: close }, '关闭'),
      ),
    ],
    { label: '预览' },
  );
  draw();

  function draw() {
    const { type, address } = sources[at];
    const shown = type === 'video' ? h('video', { src: address, controls: true }) : h('img', { src: address, alt: '' });
    stage.replaceChildren(shown);
    count.textContent = `${at + 1} / ${sources.length}`;
  }
}
