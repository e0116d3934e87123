// What attributes a tdesign component takes: its script is run with a `Component` that keeps the options.
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { installed } from './modules.mjs';

/** What scripts ask of the client while they load. */
const client = () => ({
  SDKVersion: '3.7.0',
  language: 'zh_CN',
  platform: 'devtools',
  windowWidth: 375,
  windowHeight: 667,
});
const wx = {
  canIUse: () => true,
  getAppBaseInfo: client,
  getDeviceInfo: client,
  getSystemInfoSync: client,
  getWindowInfo: client,
};

/** `{ properties, externalClasses, events }` of `button/button` and the like. */
export async function interfaceOf({ modules, tdesign }, component) {
  const { build } = await installed(modules, 'esbuild');
  const {
    outputFiles: [{ text }],
  } = await build({
    entryPoints: [join(tdesign, `${component}.js`)],
    nodePaths: [join(tdesign, 'miniprogram_npm')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  let options = {};
  runInNewContext(
    text,
    {
      Component: (given) => {
        options = given;
      },
      Behavior: (given) => given,
      wx,
      getApp: () => ({}),
      getCurrentPages: () => [],
      setTimeout: () => 0,
      module: { exports: {} },
      exports: {},
    },
    { timeout: 5000 },
  );
  const properties = new Set(['style', 'customStyle']);
  collect(options, properties);
  const events = new Set([...text.matchAll(/(?:triggerEvent|_trigger)\("([\w:-]+)"/g)].map((match) => match[1]));
  return { properties, externalClasses: new Set(options.externalClasses), events };
}

/** WeChat's own behaviours are names. */
const builtIn = { 'wx://form-field': ['name', 'value'], 'wx://form-field-button': [], 'wx://form-field-group': [] };

function collect({ properties = {}, behaviors = [] }, into) {
  for (const name of Object.keys(properties)) into.add(name);
  for (const behavior of behaviors) {
    if (typeof behavior === 'string') (builtIn[behavior] ?? []).forEach((name) => into.add(name));
    else collect(behavior, into);
  }
}
