import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { decoded, leadsTo } = load('services/arrival.ts');
const { bindingTokenIn } = load('services/binding-link.ts');
const { whyNoPhone } = load('services/phone-number.ts');

test('a value of a query is read however often it was encoded', () => {
  for (const value of ['o=Ab1', 'o%3DAb1', 'o%253DAb1']) assert.equal(decoded(value), 'o=Ab1');
  assert.equal(decoded('100%'), '100%');
  assert.equal(decoded(''), undefined);
  assert.equal(decoded(undefined), undefined);
});

test('a scene leads elsewhere only when it names another organization', () => {
  assert.ok(leadsTo('o=a', 'o=a'));
  assert.ok(leadsTo('t=1&o=a', 'o=a&x=2'));
  assert.ok(leadsTo('anything', 'o=a'));
  assert.ok(!leadsTo('o=b', 'o=a'));
  assert.ok(!leadsTo('o=b', undefined));
});

test('a binding link is told from other codes', () => {
  assert.equal(bindingTokenIn('pages/account/bind/index?token=a.b-c'), 'a.b-c');
  assert.equal(bindingTokenIn('/pages/account/bind/index?x=1&token=a%252Eb'), 'a.b');
  assert.equal(bindingTokenIn('pages/account/bind/index'), undefined);
  assert.equal(bindingTokenIn('https://example.com/?token=a'), undefined);
});

test('why there is no phone number', () => {
  assert.equal(whyNoPhone({ errMsg: 'getPhoneNumber:ok' }), undefined);
  assert.equal(whyNoPhone({ errMsg: 'getPhoneNumber:fail user deny' }), 'refused');
  assert.equal(
    whyNoPhone({ errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 }),
    'refused',
  );
  assert.equal(whyNoPhone({ errMsg: 'getPhoneNumber:fail jsapi has no permission', errno: 1400001 }), 'no_quota');
  assert.equal(whyNoPhone({ errMsg: 'getPhoneNumber:fail no permission' }), 'failed');
});
