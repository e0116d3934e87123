// Who asks for the consent, where several dialogues are there at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

let need;
globalThis.wx = { canIUse: () => true, onNeedPrivacyAuthorization: (listener) => (need = listener) };
const { answerConsent, askConsentWith, watchPrivacy } = load('services/privacy.ts');

test('when a dialogue is gone, the one before asks again', () => {
  watchPrivacy();
  const asked = [];
  const answers = [];
  const endPage = askConsentWith(() => asked.push('page'));
  const endPart = askConsentWith(() => asked.push('part'));
  need((answer) => answers.push(answer.event));
  assert.deepEqual(asked, ['part']);

  endPart();
  assert.deepEqual(asked, ['part', 'page'], 'what waits is asked by the one that is still there');
  answerConsent('agree');
  assert.deepEqual(answers, ['agree']);
  endPart();
  need(() => undefined);
  assert.deepEqual(asked, ['part', 'page', 'page']);
  answerConsent(undefined);

  endPage();
  need((answer) => answers.push(answer.event));
  assert.equal(asked.length, 3);
  askConsentWith(() => asked.push('next'));
  assert.equal(asked[3], 'next', 'nothing is lost while nobody can ask');
});
