import { bindAccount, enterBound } from '../../../services/account';
import { decoded, leadsTo } from '../../../services/arrival';
import { asFailure, explain } from '../../../services/failure';
import { consentForLogin } from '../../../services/privacy';
import { current, refreshMe, type Binding } from '../../../services/session';
import { read } from '../../../services/storage';
import { filled, texts } from '../../../texts/index';
import { definePage } from '../../define-page';
import { mayLeave } from '../../leaving';

type Input = WechatMiniprogram.CustomEvent<{ value: string }>;
type Step = 'form' | 'link' | 'conflict' | 'done';

const CODE = /^\d{8}$/;

definePage({
  title: 'bind',
  texts: ['bind'],
  data: {
    step: 'form' as Step,
    token: '',
    /** The organization, when it is not the one where the person is. */
    scene: '',
    userid: '',
    code: '',
    /** Names the organization, where it is known. */
    where: '',
    logged_in: false,
    bound: '',
    problem: '',
    binding: false,
  },
  /** A signed link brings a token; WeChat hands it on as it was written, which may be encoded. */
  onLoad(query: { token?: string; scene?: string }) {
    const token = decoded(query.token);
    this.setData({
      token: token ?? '',
      scene: decoded(query.scene) ?? '',
      step: token === undefined ? 'form' : 'link',
    });
  },
  onShow() {
    const known = read('organization');
    const organization = leadsTo(this.data.scene, known?.scene) ? known?.name : undefined;
    const where = organization === undefined ? '' : filled(texts().bind.link_where, { organization });
    this.setData({ where, logged_in: current() !== undefined });
  },
  writeUserid({ detail }: Input) {
    this.setData({ userid: detail.value, problem: '' });
  },
  writeCode({ detail }: Input) {
    this.setData({ code: detail.value, problem: '' });
  },
  async submit() {
    const t = texts().bind;
    const userid = this.data.userid.trim();
    // As it is pasted from a message: with spaces or hyphens, or with wide digits.
    const code = this.data.code.normalize('NFKC').replace(/[\s-]/g, '');
    if (userid === '') this.setData({ problem: t.missing });
    else if (!CODE.test(code)) this.setData({ problem: t.digits });
    else await this.bind({ userid, code });
  },
  async confirm() {
    await this.bind({ token: this.data.token });
  },
  async bind(binding: Binding) {
    if (this.data.binding) return;
    this.setData({ binding: true, problem: '' });
    try {
      if (current() === undefined && !(await consentForLogin())) {
        this.setData({ problem: texts().guide.consent_needed });
      } else {
        await this.bindThere(binding);
        const userid = current()?.known?.userid;
        const bound = userid === undefined ? '' : filled(texts().bind.done_hint, { userid });
        this.setData({ step: 'done', bound, code: '' });
      }
    } catch (error) {
      const { code } = asFailure(error);
      if (code === 'binding_conflict') this.setData({ step: 'conflict' });
      else this.setData({ problem: explain(error) });
    }
    this.setData({ binding: false });
  },
  /** A link that the present organization does not know may be another one's. */
  async bindThere(binding: Binding) {
    try {
      await bindAccount(binding, this.data.scene);
    } catch (error) {
      const unknown = 'token' in binding && asFailure(error).code === 'binding_invalid';
      if (!unknown || current() === undefined || !(await mayLeave())) throw error;
      await enterBound(binding);
      await refreshMe().catch(() => undefined);
    }
  },
  useForm() {
    this.setData({ step: 'form', problem: '' });
  },
  leave() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: '/pages/tabs/home/index' });
  },
});
