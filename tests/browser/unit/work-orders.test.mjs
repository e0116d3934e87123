import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { iconOf, isOpen, toneOf } = load('services/order-looks.ts');
const { whyNoPosition } = load('services/location.ts');
const { zh } = load('texts/zh.ts');

test('every state has a word, a tone, and an icon of its own', () => {
  const states = Object.keys(zh.states);
  assert.equal(states.length, 11);
  assert.equal(new Set(states.map(iconOf)).size, states.length);
  for (const state of states) assert.ok(['waiting', 'active', 'held', 'good', 'over'].includes(toneOf(state)), state);
  const over = states.filter((state) => !isOpen(state));
  assert.deepEqual(over, ['done', 'confirmed', 'closed', 'canceled']);
});

test('why there is no position, in the words of either system', () => {
  const why = (errMsg, errCode) => whyNoPosition({ errMsg, errCode });
  assert.equal(why('getLocation:fail auth deny'), 'refused');
  assert.equal(why('getLocation:fail authorize no response'), 'refused');
  assert.equal(why('getLocation:fail privacy permission is not authorized'), 'refused');
  assert.equal(why('getLocation:fail system permission denied'), 'off');
  assert.equal(why('getLocation:fail:ERROR_NOCELL&WIFI_LOCATIONSWITCHOFF'), 'off');
  assert.equal(why('getLocation:fail timeout'), 'failed');
});
