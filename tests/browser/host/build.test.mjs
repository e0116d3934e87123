import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compileApp } from '../compile/app.mjs';
import { BuildError } from '../compile/problems.mjs';
import { startPreview } from '../serve.mjs';
import { FIXTURE } from './support.mjs';

/** A copy of the fixture with some files changed: a text, or a function of the text before. */
function changed(t, files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'host-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.cpSync(FIXTURE, folder, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, typeof change === 'function' ? change(fs.readFileSync(file, 'utf8')) : change);
  }
  return folder;
}

const problems = (folder) => {
  try {
    compileApp(folder);
    return [];
  } catch (error) {
    assert.ok(error instanceof BuildError, error.stack);
    return error.problems;
  }
};

test('the fixture builds', () => {
  assert.deepEqual(problems(FIXTURE), []);
});

const HOME = 'pages/home/index';

for (const [name, files, expected] of [
  [
    'an unknown tag',
    { [`${HOME}.wxml`]: '<view>\n<nowhere />\n</view>' },
    /home\/index\.wxml:2: <nowhere> is neither built in/,
  ],
  [
    'an unknown tag in a template that nobody gives it',
    { 'row.wxml': '<template name="row"><nowhere /></template>' },
    /row\.wxml:1: <nowhere>/,
  ],
  ['a tag that is not simulated', { [`${HOME}.wxml`]: '<video />' }, /<video> is not simulated/],
  ['an unclosed tag', { [`${HOME}.wxml`]: '<view><text></view>' }, /home\/index\.wxml:1: missing end tag/],
  ['a broken expression', { [`${HOME}.wxml`]: '<view a="{{b +}}" />' }, /home\/index\.wxml:1: unexpected character/],
  ['a canvas of the old kind', { [`${HOME}.wxml`]: '<canvas canvas-id="x" />' }, /<canvas> needs type="2d"/],
  [
    'a missing component',
    { [`${HOME}.json`]: '{"usingComponents":{"gone":"../gone"}}' },
    /<gone> "\.\.\/gone" is not there/,
  ],
  ['a component that does not say so', { 'components/badge/index.json': '{}' }, /"component": true is missing/],
  [
    'a missing page',
    { 'app.json': (text) => text.replace('pages/other/index",', 'pages/gone/index",') },
    /"pages\/gone\/index" has no script/,
  ],
  ['wrong JSON', { 'theme.json': '{ "light": }' }, /theme\.json: not valid JSON/],
  [
    'a theme without a colour',
    { 'theme.json': '{ "light": { "bar": "#fff", "text": "black" }, "dark": {} }' },
    /the dark theme has no "bar"/,
  ],
  [
    'a missing tab icon',
    { 'app.json': (text) => text.replace('"text": "Home"', '"text": "Home", "iconPath": "assets/gone.png"') },
    /the icon "assets\/gone\.png" is missing/,
  ],
  [
    'a missing module',
    { 'record.ts': "import { x } from './gone';\nexport const record = x;" },
    /record\.ts: the module "\.\/gone" is not there/,
  ],
  ['a script that does not parse', { 'record.ts': 'const = 1;' }, /record\.ts:1: /],
  ['a missing style sheet', { 'app.wxss': "@import 'gone.wxss';" }, /app\.wxss:1: @import of "gone\.wxss"/],
  ['a style sheet that does not parse', { 'app.wxss': 'page {' }, /app\.wxss:1: Unclosed block/],
  [
    'a missing WXS file',
    { [`${HOME}.wxml`]: '<wxs src="./gone.wxs" module="m" />' },
    /the script "pages\/home\/gone\.wxs" is missing/,
  ],
  [
    'a module of another sub-package',
    { 'sub-a/twice.js': "import '../sub-b/other';\nexport const twice = 1;" },
    /the sub-package "sub-a" must not use "sub-b\/other\.js"/,
  ],
  [
    'a module of a sub-package in the main package',
    { 'record.ts': "import './sub-a/twice';\nexport const record = 1;" },
    /the main package must not use "sub-a\/twice\.js"/,
  ],
]) {
  test(`${name} fails the build`, (t) => {
    const found = problems(changed(t, files));
    assert.ok(
      found.some((problem) => expected.test(problem)),
      found.join('\n'),
    );
  });
}

test('a component of a sub-package keeps the names of its files, not of a folder', (t) => {
  const folder = changed(t, { 'record.ts': "import './pages/home';\nexport const record = 1;" });
  assert.match(problems(folder).join(), /the module "\.\/pages\/home" is not there/);
});

test('a preview of a broken app does not start, and a later mistake shows in the page', async (t) => {
  const services = {
    server: 'http://127.0.0.1:9',
    simulator: 'http://127.0.0.1:9',
    appid: 'wx1',
    domain: 'https://x.example',
  };
  const broken = changed(t, { [`${HOME}.wxml`]: '<nowhere />' });
  await assert.rejects(startPreview({ app: broken, ...services }), BuildError);

  const folder = changed(t, {});
  const preview = await startPreview({ app: folder, ...services });
  t.after(preview.close);
  const script = () => fetch(`${preview.url}/host/app.js`).then((answer) => answer.text());
  assert.match(await script(), /^startMiniProgram/);
  fs.writeFileSync(path.join(folder, `${HOME}.wxml`), '<nowhere />');
  assert.match(await script(), /^showBuildProblems.*<nowhere>/);
});
