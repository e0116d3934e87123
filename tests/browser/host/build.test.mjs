import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compileApp } from '../compile/app.mjs';
import { BuildError } from '../compile/problems.mjs';
import { startPreview } from '../serve.mjs';
import { changed, FIXTURE } from './support.mjs';

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
  ['a tag that is not simulated', { [`${HOME}.wxml`]: '<editor />' }, /<editor> is not simulated/],
  [
    'an attribute that <map> does not have',
    { [`${HOME}.wxml`]: '<map latitude="{{1}}" longitude="{{a > 2 ? 1 : 2}}" center="x" />' },
    /<map> has no attribute "center"/,
  ],
  [
    'an event that <map> does not have',
    { [`${HOME}.wxml`]: '<map bind:pan="x" />' },
    /<map> has no attribute "bind:pan"/,
  ],
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
  [
    'a private interface that nobody can declare',
    { 'app.json': (text) => text.replace('"getLocation"', '"getPosition"') },
    /requiredPrivateInfos: "getPosition" is not an interface/,
  ],
  [
    'an exact and a fuzzy position at once',
    { 'app.json': (text) => text.replace('"chooseLocation"', '"getFuzzyLocation"') },
    /"getFuzzyLocation" and "getLocation" exclude each other/,
  ],
  [
    'a purpose that is too long',
    { 'app.json': (text) => text.replace('用于查找附近的工单', '长'.repeat(31)) },
    /"desc" of "scope.userLocation" is longer than 30/,
  ],
  [
    'a permission without a purpose',
    { 'app.json': (text) => text.replace('"desc"', '"text"') },
    /permission: "scope.userLocation" has no "desc"/,
  ],
  [
    'a permission for something unknown',
    { 'app.json': (text) => text.replace('scope.userLocation', 'scope.location') },
    /permission: "scope.location" is not a scope/,
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
