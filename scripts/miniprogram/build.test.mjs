import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentIn } from './api.mjs';
import { build, pack } from './build.mjs';
import { namedIcons } from './icons.mjs';
import { makeApp } from './testing.mjs';

const page = 'pages/home/index.wxml';

test('packs the components that are named, what they need, and nothing else', async (t) => {
  const packed = await pack(makeApp(t));
  const names = [...packed.keys()];
  for (const name of ['button/button.wxml', 'loading/loading.js', 'common/utils.wxs', 'icon/icon.wxss']) {
    assert.ok(names.includes(`tdesign-miniprogram/${name}`), name);
  }
  assert.ok(!names.some((name) => name.includes('/cell/') || name.endsWith('.d.ts')));
});

test('writes modules as CommonJS files that run', async (t) => {
  const project = makeApp(t);
  for (const [path, text] of await pack(project)) {
    if (path.includes('tdesign')) continue;
    assert.doesNotMatch(text, /\bexport\b(?!s)/);
    const target = join(project.app, 'miniprogram_npm', path);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }
  const load = createRequire(join(project.app, 'miniprogram_npm/index.js'));
  assert.equal(typeof load('./tslib/index.js').__decorate, 'function');
  const code = load('./qrcode-generator/index.js')(0, 'M');
  code.addData('PF1');
  code.make();
  assert.equal(code.getModuleCount(), 21);
});

test('brings the modules that modules need, once', async (t) => {
  const components = { usingComponents: { 't-date': 'tdesign-miniprogram/date-time-picker/date-time-picker' } };
  const packed = await pack(makeApp(t, { 'components/note/index.json': JSON.stringify(components) }));
  assert.match(packed.get('dayjs/plugin/localeData.js'), /module\.exports/);
  assert.match(packed.get('dayjs/locale/zh-cn.js'), /require\("dayjs"\)/);
  assert.match(packed.get('dayjs/index.js'), /module\.exports/);
});

test('draws icons with masks, those that are named and those of the components', async (t) => {
  const components = { usingComponents: { 't-cell': 'tdesign-miniprogram/cell/cell' } };
  const packed = await pack(
    makeApp(t, {
      'components/note/index.json': JSON.stringify(components),
      'icons.json': '{ "icons": ["user"] }',
      'components/note/index.ts': (text) =>
        text.replace('text: String', "text: String, emptyIcon: { type: String, value: 'file' }"),
    }),
  );
  const style = packed.get('tdesign-miniprogram/icon/icon.wxss');
  for (const name of ['check', 'time', 'qrcode', 'user', 'file', 'chevron-right'])
    assert.ok(style.includes(`.t-icon-${name}{-webkit-mask-image:url("data:image/svg+xml,`), name);
  assert.doesNotMatch(style, /t-icon-accessibility|font-family|currentColor'|view-box/);
});

test('tells names of icons from what they are compared with', (t) => {
  const project = makeApp(t, {
    [page]: `<t-icon name="{{state === 'offline' ? 'wifi-off' : 'error'}}" /><t-radio icon="circle" />`,
  });
  assert.deepEqual(
    [...namedIcons(project.app)],
    [
      ['wifi-off', `${page}:1`],
      ['error', `${page}:1`],
    ],
  );
});

test('refuses an icon that does not exist', async (t) => {
  const project = makeApp(t, { [page]: (text) => text.replace('qrcode', 'qr-kode') });
  await assert.rejects(pack(project), { message: `${page}:3: there is no icon "qr-kode"` });
});

test('refuses a component that does not exist', async (t) => {
  const project = makeApp(t, { 'app.json': (text) => text.replace('icon/icon', 'ikon/ikon') });
  await assert.rejects(pack(project), /no component ikon\/ikon/);
});

test('refuses style sheets that load from the network', async (t) => {
  const project = makeApp(t);
  const files = { 'x/x.json': '{}', 'x/x.wxss': '@font-face{src:url(//cdn.example.com/t.woff)}' };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(project.app, 'fake/x'), { recursive: true });
    writeFileSync(join(project.app, 'fake', path), text);
  }
  const demands = { components: ['x/x'], files: [], modules: [] };
  await assert.rejects(
    pack({ ...project, tdesign: join(project.app, 'fake') }, demands),
    /x\.wxss: loads something from the network/,
  );
});

test('does nothing when nothing has changed, and mends what was changed', async (t) => {
  const project = makeApp(t);
  rmSync(join(project.app, 'node_modules'));
  const style = join(project.app, 'miniprogram_npm/tdesign-miniprogram/button/button.wxss');
  assert.equal(await build(project), true);
  const made = readFileSync(style, 'utf8');
  const { mtimeMs } = statSync(style);
  assert.equal(await build(project), false);
  writeFileSync(join(project.app, 'miniprogram_npm/stray.js'), '');
  assert.equal(await build(project), true);
  assert.throws(() => statSync(join(project.app, 'miniprogram_npm/stray.js')));
  assert.equal(statSync(style).mtimeMs, mtimeMs);
  writeFileSync(style, '');
  assert.equal(await build(project), true);
  assert.equal(readFileSync(style, 'utf8'), made);
  assert.match(readFileSync(join(project.app, 'services/generated/api.d.ts'), 'utf8'), /export interface paths/);
});

test('reads the document of a snapshot', () => {
  assert.deepEqual(documentIn('---\nsource: a.rs\n---\n{"openapi":"3.1.0"}\n'), { openapi: '3.1.0' });
});
