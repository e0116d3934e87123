// One phone as its owner uses it: taps, fields, the camera, and what can be read from its screen.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import jsQR from 'jsqr';

const { PNG } = createRequire(import.meta.url)('pngjs');
const decode = jsQR.default ?? jsQR;

export class Phone {
  /** `frame`: a Playwright page, or the frame of a phone within the preview's page. */
  constructor(frame) {
    this.frame = frame;
    this.tab = frame.page ? frame.page() : frame;
    this.tab.setDefaultTimeout(20_000);
  }

  ready() {
    return this.frame.waitForFunction(() => globalThis.phone?.ready);
  }

  /** Something on the page that is shown. */
  find(selector) {
    return this.visible(this.frame.locator(selector));
  }

  /** What says this among other things. */
  text(text) {
    return this.visible(this.frame.getByText(text));
  }

  visible(locator) {
    return locator.and(this.frame.locator(':visible')).first();
  }

  /** Taps what says exactly this, or a locator. */
  async tap(what) {
    await (typeof what === 'string' ? this.visible(this.frame.getByText(what, { exact: true })) : what).click();
  }

  /** Waits until the text can be read. */
  async sees(text) {
    try {
      await this.text(text).waitFor();
    } catch (error) {
      // What the page says instead tells more than that something is missing.
      const said = await this.frame.evaluate(() => document.body.innerText).catch(() => '');
      throw new Error(`${error.message}\nshown at ${await this.route().catch(() => '?')}: ${said.slice(0, 500)}`);
    }
  }

  async route() {
    return this.frame.evaluate(() => globalThis.phone.page().route);
  }

  /** Waits until the page is the one that is shown. */
  async at(route) {
    await this.frame.waitForFunction(
      (wanted) => globalThis.phone.ready && globalThis.phone.page().route === wanted,
      route,
    );
  }

  /** The page's data. */
  data() {
    return this.frame.evaluate(() => globalThis.phone.page().data);
  }

  control(name, ...values) {
    return this.frame.evaluate(([call, given]) => globalThis.phone[call](...given), [name, values]);
  }

  get(name) {
    return this.frame.evaluate((field) => globalThis.phone[field], name);
  }

  async restart(path) {
    await this.control('restart', path).catch(() => undefined);
    await this.ready();
  }

  async go(url) {
    await this.frame.evaluate((to) => globalThis.phone.wx.navigateTo({ url: to }), url);
    await this.at(url.slice(1).split('?')[0]);
  }

  async logIn() {
    const button = this.frame.getByRole('button', { name: /微信登录|Log in with WeChat/ });
    await button.click();
    await this.agreeToPrivacy();
    await button.waitFor({ state: 'detached' });
  }

  /** What the phone keeps under this key. */
  stored(key) {
    return this.frame.evaluate((name) => globalThis.phone.wx.getStorageSync(name), key);
  }

  /** Fills the field with this label or placeholder. */
  async fill(placeholder, value) {
    await this.frame.getByPlaceholder(placeholder).and(this.frame.locator(':visible')).fill(value);
  }

  /** From a fresh phone to the scanning page. */
  async takePost(list, gate, invitation = 'DemoStaff1') {
    await this.logIn();
    await this.go('/pages/check-in/enroll/index');
    await this.fill('DemoStaff1', invitation);
    await this.tap(this.frame.getByRole('button', { name: /加入|Join/ }));
    await this.at('pages/check-in/post/index');
    await this.tap(this.frame.getByRole('radio', { name: list, exact: true }));
    if (gate) await this.tap(this.frame.getByRole('radio', { name: gate, exact: true }));
    await this.control('permit', 'scope.camera', true);
    await this.tap(this.frame.getByRole('button', { name: /开始检票|Start scanning/ }));
    await this.at('pages/check-in/scan/index');
  }

  /** Agrees to the privacy guide, unless that is done. */
  async agreeToPrivacy() {
    const { needAuthorization } = await this.frame.evaluate(() => globalThis.phone.wx.getPrivacySetting());
    if (!needAuthorization) return;
    const agree = this.find('#agree-privacy');
    await agree.click();
    await agree.waitFor({ state: 'detached' });
  }

  /** Holds a text in front of the camera. */
  show(text) {
    return this.control('setCamera', { text });
  }

  lookAway() {
    return this.control('setCamera', null);
  }

  /** Goes on to the next guest; a welcome also closes by itself. */
  async nextGuest() {
    const gone = this.frame.locator('#verdict').waitFor({ state: 'detached' });
    await Promise.race([this.tap('下一位').catch(() => undefined), gone]);
    await gone;
  }

  /** The verdict on the screen, once it is about this guest or has this tone. */
  async verdict({ tone, guest } = {}) {
    const screen = this.frame.locator('#verdict');
    if (guest) await screen.getByText(guest, { exact: true }).waitFor();
    if (tone) await this.frame.locator(`#verdict[data-tone="${tone}"]`).waitFor();
    return (await screen.innerText())
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  }

  /** Waits until this was the last sound; a player starts a moment after the screen has changed. */
  heard(file) {
    return this.frame.waitForFunction((name) => globalThis.phone.sounds.at(-1)?.endsWith(name), file);
  }

  /** What a scanner reads from the pixels of this part of the screen. */
  async decode(locator) {
    const { data, width, height } = PNG.sync.read(await locator.screenshot());
    return decode(new Uint8ClampedArray(data), width, height)?.data;
  }

  /** No uncaught error, no unknown call, no warning of the framework. */
  async assertClean() {
    assert.deepEqual(await this.get('errors'), []);
  }
}
