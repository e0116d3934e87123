/** What the phone's camera is held at. */
import { h, row, select } from './elements.js';

const NOTHING = ['nothing', '无 Nothing'];
const OWN = [
  ['text', '文字 Text'],
  ['image', '图片文件 Image'],
];

export function createCameraControl(get, others) {
  const text = h('textarea', {
    rows: 2,
    placeholder: '二维码的内容 The code’s text',
    oninput: () => get().setCamera({ text: text.value }),
  });
  const file = h('input', {
    type: 'file',
    accept: 'image/*',
    onchange: async () => {
      if (file.files.length > 0) get().setCamera({ image: await dataUrl(file.files[0]) });
    },
  });
  const choice = select([NOTHING, ...OWN], 'nothing', (value) => {
    drawFields();
    if (value.startsWith('phone:')) get().setCamera({ phone: value.slice('phone:'.length) });
    else get().setCamera(value === 'text' && text.value !== '' ? { text: text.value } : null);
  });
  const textRow = row('内容', 'Text', text);
  const fileRow = row('文件', 'File', file);
  drawFields();

  function drawFields() {
    textRow.hidden = choice.value !== 'text';
    fileRow.hidden = choice.value !== 'image';
  }

  return {
    rows: [row('相机', 'Camera', choice), textRow, fileRow],
    drawOthers() {
      const { value } = choice;
      const phones = others().map((name) => [`phone:${name}`, `手机 ${name.toUpperCase()} Phone`]);
      choice.replaceChildren(...[NOTHING, ...phones, ...OWN].map(([id, label]) => new Option(label, id)));
      choice.value = value;
    },
    show(camera) {
      if (camera === null) choice.value = 'nothing';
      else if (camera.phone !== undefined) choice.value = `phone:${camera.phone}`;
      else choice.value = camera.text === undefined ? 'image' : 'text';
      if (camera?.text !== undefined) text.value = camera.text;
      drawFields();
    },
  };
}

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
