import { dropMedia, keepSignature } from '../../../services/media';
import { keepVisit, openVisit } from '../../../services/visit-drafts';
import { texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { draw, isSignature, type Pen, type Stroke } from './strokes';

/** Ink on paper, in every theme: the picture is kept as proof. */
const INK = '#14181f';
const PAPER = '#ffffff';
const LINE_WIDTH = 3;
/** Fine enough for print, small enough to be sent over a bad network. */
const MOST_PIXELS = 2;

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): Pen & {
    scale(x: number, y: number): void;
    fillRect(x: number, y: number, width: number, height: number): void;
    setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
    fillStyle: string;
    strokeStyle: string;
    lineWidth: number;
    lineCap: string;
    lineJoin: string;
  };
  toDataURL(type: string): string;
}
interface Box {
  canvas: Canvas;
  width: number;
  height: number;
}
type Touch = WechatMiniprogram.TouchEvent & { touches: { x: number; y: number }[] };

/** Drawing goes past `setData`: a finger is faster than that. */
let box: Box | undefined;
let strokes: Stroke[] = [];

definePage({
  title: 'signature',
  texts: ['signature'],
  data: { order: '', name: '', problem: '', empty: true, saving: false },
  onLoad(query: { id?: string }) {
    const order = query.id ?? '';
    strokes = [];
    this.setData({ order, name: openVisit(order)?.form.signer_name ?? '' });
  },
  onReady() {
    void this.measure();
  },
  /** The phone was turned. */
  onResize() {
    void this.measure();
  },
  onUnload() {
    box = undefined;
    strokes = [];
  },
  async measure() {
    const found = await new Promise<Box | undefined>((resolve) => {
      const query = this.createSelectorQuery();
      query
        .select('#signature')
        .fields({ node: true, size: true })
        .exec(([known]: ({ node: Canvas; width: number; height: number } | null)[]) =>
          resolve(known ? { canvas: known.node, width: known.width, height: known.height } : undefined),
        );
    });
    box = found;
    this.redraw();
  },
  redraw() {
    if (box === undefined) return;
    const { canvas, width, height } = box;
    const ratio = Math.min(wx.getWindowInfo().pixelRatio, MOST_PIXELS);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = INK;
    pen.lineWidth = LINE_WIDTH;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    for (const stroke of strokes) draw(pen, stroke, box);
  },
  begin({ touches }: Touch) {
    const [touch] = touches;
    if (box === undefined || touch === undefined) return;
    strokes.push({ dots: [{ x: touch.x, y: touch.y }], width: box.width, height: box.height });
    if (this.data.empty || this.data.problem !== '') this.setData({ empty: false, problem: '' });
  },
  move({ touches }: Touch) {
    const [touch] = touches;
    const stroke = strokes[strokes.length - 1];
    if (box === undefined || touch === undefined || stroke === undefined) return;
    const from = stroke.dots[stroke.dots.length - 1];
    stroke.dots.push({ x: touch.x, y: touch.y });
    if (from !== undefined) {
      const piece = { dots: [from, { x: touch.x, y: touch.y }], width: stroke.width, height: stroke.height };
      draw(box.canvas.getContext('2d'), piece, box);
    }
  },
  /** The smooth line takes the place of the quick one. */
  lift() {
    this.redraw();
  },
  undo() {
    strokes.pop();
    this.setData({ empty: strokes.length === 0 });
    this.redraw();
  },
  clear() {
    strokes = [];
    this.setData({ empty: true });
    this.redraw();
  },
  write({ detail }: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ name: detail.value, problem: '' });
  },
  async save() {
    const t = texts().signature;
    const name = this.data.name.trim();
    const problem = !isSignature(strokes) ? t.missing : name === '' ? t.name_missing : '';
    const draft = openVisit(this.data.order);
    if (problem !== '' || box === undefined || draft === undefined) {
      this.setData({ problem });
      return;
    }
    this.setData({ saving: true });
    this.redraw();
    const data = box.canvas.toDataURL('image/png').split(',')[1] ?? '';
    const kept = await keepSignature(wx.base64ToArrayBuffer(data));
    this.setData({ saving: false });
    if (kept === undefined) {
      this.setData({ problem: t.failed });
      return;
    }
    const { signature: before, ...form } = draft.form;
    if (!keepVisit({ ...draft, form: { ...form, signature: kept.key, signer_name: name } })) {
      keepVisit(draft);
      dropMedia([kept.key]);
      this.setData({ problem: t.failed });
      return;
    }
    if (before !== undefined) dropMedia([before]);
    void wx.navigateBack({ delta: 1 });
  },
});
