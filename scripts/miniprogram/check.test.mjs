import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pack } from './build.mjs';
import { check } from './check.mjs';
import { checkConfig } from './check-config.mjs';
import { checkSizes, weigh } from './check-sizes.mjs';
import { checkTexts } from './check-texts.mjs';
import { checkWechat } from './check-wechat.mjs';
import { checkWxml } from './check-wxml.mjs';
import { lines, makeApp } from './testing.mjs';
import { programOf, typeProblems } from './typescript.mjs';
import { parseWxml } from './wxml.mjs';

const page = 'pages/home/index.wxml';
const script = 'pages/home/index.ts';

/** Expects these problems and no others; `find` gets the project and its program. */
function expect(name, find, changes, wanted) {
  test(name, async (t) => {
    const project = makeApp(t, changes);
    assert.deepEqual(lines(await find(project, await programOf(project))), wanted);
  });
}

test('a sound app has no problems', async (t) => {
  const project = makeApp(t);
  for (const [path, text] of await pack(project)) {
    const target = join(project.app, 'miniprogram_npm', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const { problems, sizes } = await check(project);
  assert.deepEqual(lines(problems), []);
  assert.ok(sizes[0].bytes > 50_000);
});

expect(
  'a wrong type',
  (_, code) => typeProblems(code),
  { [script]: (text) => text.replace('open: false', 'open: 1') },
  [`${script}:10: TS2322: Type 'number' is not assignable to type 'boolean | undefined'.`],
);

expect(
  'an unknown tag, and a component that is not used',
  checkWxml,
  { [page]: (text) => text.replace('home-note', 'home-nota') },
  [
    `${page}:1: <home-nota> is no component that pages/home/index names`,
    'pages/home/index.json:1: names the component home-note, which is not used',
  ],
);

expect(
  'what is to be selected outside a text',
  checkWxml,
  { [page]: (text) => `<view user-select>1</view><text user-select>2</text>${text}` },
  [`${page}:1: <view> has no attribute "user-select"`],
);

expect(
  'handlers that are not there, and those that nothing uses',
  checkWxml,
  {
    [page]: (text) => text.replace('"onSend"', `"{{busy ? 'onWait' : ''}}"`),
  },
  [`${page}:2: ${script} has no method "onWait"`, `${script}:12: nothing uses the handler "onSend"`],
);

expect(
  'handlers of an own wrapper, with what it spreads',
  checkWxml,
  {
    [script]: (text) =>
      text
        .replace(
          'Page({',
          'const more = { onSend() {} };\ndeclare function definePage(page: object): void;\ndefinePage({\n  ...more,',
        )
        .replace(/ {2}onSend[\s\S]*?\n {2}\},\n/, ''),
  },
  [],
);

expect(
  'attributes and events that a component does not have',
  checkWxml,
  {
    [page]: (text) =>
      text
        .replace('text=', 'label=')
        .replace('bind:close', 'bind:closed')
        .replace('<t-button', '<t-button colour="red" bind:tap2="onSend" data-id="1" t-class="a"'),
  },
  [
    `${page}:1: <home-note> has no attribute "label"`,
    `${page}:1: <home-note> has no event "closed"`,
    `${page}:2: <t-button> has no attribute "colour"`,
    `${page}:2: <t-button> has no event "tap2"`,
  ],
);

expect(
  'templates are followed into what a page imports',
  checkWxml,
  {
    [page]: (text) => `<import src="./part.wxml" /><template is="part" /><template is="other" />${text}`,
    'pages/home/part.wxml': '<template name="part"><view bind:tap="onPart" /></template>',
  },
  [`${page}:1: there is no template "other"`, `pages/home/part.wxml:1: ${script} has no method "onPart"`],
);

expect(
  'a text in one language only, with other placeholders, or none',
  checkTexts,
  {
    'texts/en.ts': (text) => text.replace('{number}', '{count}').replace("welcome: 'Welcome', ", ''),
  },
  [
    'texts/zh.ts:4: en has no home.welcome',
    'texts/zh.ts:4: home.send has the placeholders {number}, but {count} in en',
  ],
);

expect(
  'a text that is not there, and one that is not used',
  checkTexts,
  { [page]: (text) => text.replace('t.home.send', 't.home.sent') },
  [`${page}:2: t.home.sent: there is no text "sent"`, 'texts/zh.ts:4: home.send is not used'],
);

expect(
  'texts that scripts use by another name',
  checkTexts,
  {
    [page]: (text) => text.replace('{{t.home.send}}', '{{label}}'),
    [script]: (text) => text.replace('open: true', 'open: Boolean(texts().home.send)'),
  },
  [],
);

expect(
  'texts that are spread into a language from a file of their own',
  checkTexts,
  {
    'texts/zh.ts': (text) => `import { more } from './more';\n${text.replace(/  problems: .*\n/, '  ...more,\n')}`,
    'texts/more.ts': "export const more = {\n  problems: { found: '找到了。' },\n};\n",
  },
  [
    'texts/more.ts:2: en has no problems.found',
    'texts/en.ts:5: zh has no problems.not_found',
    'texts/more.ts:2: problems.not_found is missing',
  ],
);

expect(
  'codes of the server without a sentence',
  checkTexts,
  {
    'texts/zh.ts': (text) => text.replace('not_found', 'found').replace('invalid', 'valid'),
    'texts/en.ts': (text) => text.replace('not_found', 'found').replace('invalid', 'valid'),
  },
  [
    'texts/zh.ts:5: problems.not_found is missing',
    'texts/zh.ts:6: reasons.invalid is missing',
    'texts/en.ts:5: problems.not_found is missing',
    'texts/en.ts:6: reasons.invalid is missing',
  ],
);

expect(
  'Chinese outside of the texts, but not in comments',
  checkTexts,
  {
    [page]: (text) => `${text}<!-- 首页 -->\n<view>首页</view>\n`,
    [script]: (text) => `// 首页\n${text}const name = \`首页 \${Date.now()}\`;\n`,
  },
  [`${page}:5: a text in Chinese, which belongs to texts/`, `${script}:17: a text in Chinese, which belongs to texts/`],
);

expect("an unclosed tag, to WeChat's compiler", checkWechat, { [page]: '<view>\n<text>a</view>\n' }, [
  `${page}:2: WeChat's compiler: ${page}:2:10: expect end-tag \`text\`., near \`view\``,
]);

expect(
  "a bad selector, to WeChat's compiler",
  checkWechat,
  { 'pages/home/index.wxss': '.a {\n  color: red;\n}\n.b >> .c[ {\n}\n' },
  ["pages/home/index.wxss:4: WeChat's compiler: ERR: pages/home/index.wxss(4:5): error at token `>`"],
);

test('packages that are too large, without what is not uploaded', async (t) => {
  const project = makeApp(t, {
    'app.json': (text) => text.replace('"pages"', '"subPackages": [{ "root": "more", "pages": ["page"] }],\n"pages"'),
    'more/large.txt': 'x'.repeat(30_000),
    'more/ignored.bin': 'x'.repeat(30_000),
    'README.md': 'x'.repeat(30_000),
    'services/generated/api.d.ts': 'x'.repeat(30_000),
    'project.config.json': '{ "packOptions": { "ignore": [{ "type": "suffix", "value": ".bin" }] } }',
  });
  const sizes = await weigh(project);
  assert.equal(sizes[1].bytes, 30_000);
  assert.ok(sizes[0].bytes < 10_000, `${sizes[0].bytes}`);
  assert.deepEqual(lines(checkSizes(sizes)), []);
  assert.deepEqual(lines(checkSizes(sizes, { any: 2048, main: 1024 })), [
    `app.json:1: main package has ${(sizes[0].bytes / 1024).toFixed(1)} KB, more than 1.0 KB`,
    'app.json:1: more has 29.3 KB, more than 2.0 KB',
  ]);
});

expect(
  'settings with which DevTools would build something else',
  checkConfig,
  {
    'app.json': (text) => text.replace('"pages/home/index"', '"pages/home/index", "pages/gone/index"'),
    'project.config.json': '{ "compileType": "plugin", "setting": { "packNpmManually": true } }',
  },
  [
    'project.config.json:1: compileType must be "miniprogram"',
    'project.config.json:1: setting.useCompilerPlugins must include "typescript"',
    'project.config.json:1: setting.packNpmManually must be off: miniprogram_npm is made by scripts/build-miniprogram',
    'app.json:1: names the page pages/gone/index, which does not exist',
  ],
);

test('reads WXML: quotes, comparisons, comments and scripts', () => {
  const { tags, texts, faults } = parseWxml(
    '<view a="{{b > 1}}" c>{{d < 2}}<!-- <x> --></view><wxs module="m">if (a < b) {}</wxs><image/>',
  );
  assert.deepEqual(
    tags.map(({ name, attributes }) => [name, attributes.map((one) => [one.name, one.value])]),
    [
      [
        'view',
        [
          ['a', '{{b > 1}}'],
          ['c', undefined],
        ],
      ],
      ['wxs', [['module', 'm']]],
      ['image', []],
    ],
  );
  assert.equal(texts[0].text, '{{d < 2}}');
  assert.deepEqual(faults, []);
  assert.equal(parseWxml('<view><text></view>').faults.length, 1);
});
