import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { followCodeIn, followCodeOf, unitCodeIn, unitCodeOf } = load('services/unit-link.ts');
const CODE = 'Ab3dE5fG7h';
const FOLLOW = '0123456789ABCDEFGHkl';

test('a unit is named by a scene, by a plain link or by its code, however they are encoded', () => {
  const link = `https://paifang.example.com/q/${CODE}`;
  for (const query of [
    { scene: `u=${CODE}` },
    { scene: encodeURIComponent(`u=${CODE}`) },
    { scene: encodeURIComponent(`o=Xy&u=${CODE}`) },
    { q: encodeURIComponent(link) },
    { q: encodeURIComponent(encodeURIComponent(`${link}?from=label`)) },
    { code: CODE },
  ])
    assert.equal(unitCodeOf(query), CODE, JSON.stringify(query));
});

test('what names no unit leads to none', () => {
  for (const query of [
    {},
    { scene: 'o=Ab3dE5fG7h' },
    { scene: 'u=short' },
    { scene: `u=${CODE}x` },
    { q: encodeURIComponent(`https://example.com/f/${CODE}`) },
    { q: encodeURIComponent(`https://example.com/?q=/q/${CODE}`) },
    { q: `javascript:/q/${CODE}` },
    { code: '../../me' },
  ])
    assert.equal(unitCodeOf(query), undefined, JSON.stringify(query));
});

test('a scan of either code on a label finds the unit', () => {
  assert.equal(unitCodeIn({ path: `pages/service/unit/index?scene=u%3D${CODE}`, result: '' }), CODE);
  assert.equal(unitCodeIn({ result: `https://paifang.example.com/q/${CODE}` }), CODE);
  assert.equal(unitCodeIn({ result: `${CODE}\n` }), CODE);
  assert.equal(unitCodeIn({ result: 'HL2200-20240317-0042' }), undefined);
  assert.equal(unitCodeIn({ path: 'pages/account/bind/index?token=a', result: '' }), undefined);
});

test('a link to follow an order is told from other links', () => {
  assert.equal(followCodeIn(` https://paifang.example.com/f/${FOLLOW} `), FOLLOW);
  assert.equal(followCodeOf({ q: encodeURIComponent(`https://paifang.example.com/f/${FOLLOW}/`) }), FOLLOW);
  assert.equal(followCodeOf({ code: FOLLOW }), FOLLOW);
  assert.equal(followCodeIn(`https://paifang.example.com/f/${CODE}`), undefined);
  assert.equal(followCodeIn('261121-7KQ2M'), undefined);
});
