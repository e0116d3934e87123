import qrcode from 'qrcode-generator';

/** Light modules around the code, as the standard asks for. */
const QUIET = 4;
/** ISO/IEC 18004 alphanumeric mode; what is longer than that alphabet goes as bytes. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

interface CanvasNode {
  width: number;
  height: number;
  getContext(kind: '2d'): CanvasRenderingContext2DLike;
}

interface CanvasRenderingContext2DLike {
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
}

/** A QR code, black on white in both themes, each module a whole number of pixels so that its edges are sharp. */
Component({
  properties: {
    code: { type: String, value: '' },
    /** What a screen reader says. */
    label: { type: String, value: '' },
  },
  observers: {
    code() {
      this.draw();
    },
  },
  lifetimes: {
    ready() {
      this.draw();
    },
  },
  methods: {
    draw() {
      const { code } = this.data;
      if (code === '') return;
      const query = this.createSelectorQuery();
      query.select('#code').fields({ node: true, size: true });
      query.exec(([found]: ({ node: CanvasNode; width: number } | null)[]) => {
        // The page may be gone, and on the first call the canvas may not be there yet.
        if (found?.node && code === this.data.code) paint(found.node, code, found.width);
      });
    },
  },
});

function paint(canvas: CanvasNode, code: string, width: number): void {
  const made = qrcode(0, 'M');
  made.addData(code, ALPHANUMERIC.test(code) ? 'Alphanumeric' : 'Byte');
  made.make();
  const modules = made.getModuleCount();
  const pixels = Math.round(width * wx.getWindowInfo().pixelRatio);
  const size = Math.max(1, Math.floor(pixels / (modules + 2 * QUIET)));
  const start = Math.floor((pixels - size * modules) / 2);
  canvas.width = pixels;
  canvas.height = pixels;
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, pixels, pixels);
  context.fillStyle = '#000000';
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      if (made.isDark(row, column)) context.fillRect(start + column * size, start + row * size, size, size);
    }
  }
}
