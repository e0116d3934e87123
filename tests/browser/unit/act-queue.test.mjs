import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

const { ActQueue, refusalIn } = load('services/act-queue.ts');

const ME = { organization_id: 'here', person_id: 'me' };
const failure = (code, status, more = {}) => ({
  code,
  status,
  login: false,
  offline: status === 0,
  document: {},
  ...more,
});
const OFFLINE = failure('offline', 0);

/** What the phone keeps, as text, and who is logged in; what the server does with each act. */
let phone;
let server;
const act = (key, lane = 'order:1', more = {}) => ({ key, lane, files: [], ...ME, ...more });

function start() {
  return new ActQueue({
    read: () => JSON.parse(phone.kept),
    write(acts) {
      if (phone.full) throw new Error('setStorage:fail exceed storage max size');
      phone.kept = JSON.stringify(acts);
    },
    changed: () => phone.told?.(),
    owner: () => phone.owner,
    async send(one, changed) {
      server.got.push(one.key);
      await new Promise((done) => setTimeout(done, 1));
      const answer = server.answers[one.key]?.(one, changed) ?? server.otherwise(one);
      if (answer.code !== undefined) throw answer;
      return answer;
    },
    versionOf: ({ conflict, version }) => (conflict ? undefined : version),
    failureOf: (error) => error,
  });
}
const kept = () => JSON.parse(phone.kept);

beforeEach(() => {
  phone = { kept: '[]', owner: ME };
  server = { got: [], answers: {}, otherwise: () => ({ version: 9 }) };
});

test('an act is written down before it is sent, and struck out when it is answered', async () => {
  server.answers.a = () => {
    assert.deepEqual(
      kept().map(({ key }) => key),
      ['a'],
    );
    return { version: 2 };
  };
  const outcome = await start().perform(act('a'));
  assert.deepEqual(outcome, { kind: 'done', answer: { version: 2 } });
  assert.deepEqual(kept(), []);
});

test('without network it waits, also over a restart, and is sent once the network is back', async () => {
  server.otherwise = () => OFFLINE;
  assert.deepEqual(await start().perform(act('a')), { kind: 'kept', problem: 'offline' });
  assert.equal(kept()[0].offline, true, 'it says that it was made without network');
  const again = start();
  server.otherwise = ({ offline }) => ({ version: offline ? 5 : 0 });
  await again.flush();
  assert.deepEqual(server.got, ['a', 'a']);
  assert.deepEqual(kept(), []);
});

test('what waits behind an act that found no network says so too', async () => {
  const queue = start();
  server.otherwise = () => OFFLINE;
  await queue.perform(act('a'));
  assert.deepEqual(await queue.perform(act('b')), { kind: 'kept', problem: 'offline' });
  assert.deepEqual(
    kept().map(({ key, offline, problem }) => [key, offline, problem]),
    [
      ['a', true, 'offline'],
      ['b', true, 'offline'],
    ],
  );
  assert.ok(!server.got.includes('b'));
});

test('what waits behind an act that the server could not take says why, and was not made without network', async () => {
  const queue = start();
  server.answers.a = () => failure('internal', 500);
  await queue.perform(act('a'));
  assert.deepEqual(await queue.perform(act('b')), { kind: 'kept', problem: 'internal' });
  assert.equal(kept()[1].offline, undefined);
});

test('acts of one order keep their order; what comes after one that waits waits too', async () => {
  const queue = start();
  server.answers.a = () => failure('internal', 500);
  await Promise.all([queue.perform(act('a')), queue.perform(act('b')), queue.perform(act('c', 'order:2'))]);
  assert.ok(!server.got.includes('b'), 'not before what was done first');
  assert.ok(server.got.includes('c'), 'another order does not wait');
  server.answers.a = () => ({ version: 2 });
  server.got = [];
  await queue.flush();
  assert.deepEqual(server.got, ['a', 'b']);
});

test('an act that is added while its lane is sent goes after it', async () => {
  const queue = start();
  const first = queue.perform(act('a'));
  const second = queue.perform(act('b'));
  assert.deepEqual(
    (await Promise.all([first, second])).map(({ kind }) => kind),
    ['done', 'done'],
  );
  assert.deepEqual(server.got, ['a', 'b']);
});

test('what was made on top of a waiting act counts from the version that the server answers', async () => {
  phone.kept = JSON.stringify([
    act('a', 'order:1', { version: 3 }),
    act('b', 'order:1', { version: 3, follows: true }),
    act('c', 'order:2', { version: 3, follows: true }),
  ]);
  const versions = {};
  server.otherwise = ({ key, version }) => {
    versions[key] = version;
    return { version: version + 1 };
  };
  await start().flush();
  assert.deepEqual(versions, { a: 3, b: 4, c: 3 });
});

test('a conflict hides nothing: what was made on top is judged as it was seen', async () => {
  phone.kept = JSON.stringify([act('a'), act('b', 'order:1', { version: 3, follows: true })]);
  server.answers.a = () => ({ version: 8, conflict: 'not_from_this_state' });
  server.answers.b = ({ version }) => (version === 3 ? failure('version_stale', 409) : { version: 9 });
  await start().flush();
  assert.deepEqual(kept()[0].refused, { code: 'version_stale' });
});

test('what is refused stays with its reason, holds up nothing, and goes only when the person drops it', async () => {
  const queue = start();
  server.answers.a = () => failure('move_refused', 409, { document: { reason: 'taken' } });
  assert.deepEqual(await queue.perform(act('a')), {
    kind: 'refused',
    refusal: { code: 'move_refused', reason: 'taken' },
  });
  assert.equal((await queue.perform(act('b'))).kind, 'done');
  await start().flush();
  assert.deepEqual(server.got, ['a', 'b'], 'it is not sent again by itself');
  assert.deepEqual(
    kept().map(({ key, refused }) => [key, refused.reason]),
    [['a', 'taken']],
  );
  assert.equal(queue.drop('a').key, 'a');
  assert.deepEqual(kept(), []);
});

test('a refused act can be sent again, on the order as it is now and without the photos that were refused', async () => {
  const queue = start();
  server.answers.a = (one, changed) => {
    changed({ ...one, refused_files: ['bad'] });
    return failure('media_broken', 422);
  };
  await queue.perform(act('a', 'order:1', { version: 1, files: ['good', 'bad'] }));
  assert.deepEqual(kept()[0].refused_files, ['bad']);
  let sent;
  server.answers.a = (one) => {
    sent = one;
    return { version: 5 };
  };
  await queue.retry('a', 4);
  assert.deepEqual([sent.version, sent.files, sent.refused, sent.refused_files], [4, ['good'], undefined, undefined]);
  assert.deepEqual(kept(), []);
});

test('nothing goes to another organization or under another name', async () => {
  phone.kept = JSON.stringify([
    act('there', 'order:1', { organization_id: 'there' }),
    act('theirs', 'order:1', { person_id: 'somebody' }),
    act('mine'),
  ]);
  const queue = start();
  assert.equal(queue.elsewhere(), 2);
  await queue.flush();
  assert.deepEqual(server.got, ['mine']);
  phone.owner = undefined;
  await queue.flush();
  assert.deepEqual(server.got, ['mine'], 'nobody is logged in');
  phone.owner = { organization_id: 'there', person_id: 'me' };
  await queue.flush();
  assert.deepEqual(server.got, ['mine', 'there']);
  assert.deepEqual(
    kept().map(({ key }) => key),
    ['theirs'],
  );
  assert.equal(queue.drop('theirs'), undefined, 'nor can somebody else drop it');
});

test('somebody else logs in while something is sent: the rest waits', async () => {
  phone.kept = JSON.stringify([act('a'), act('b')]);
  server.answers.a = () => {
    phone.owner = { organization_id: 'here', person_id: 'other' };
    return { version: 2 };
  };
  await start().flush();
  assert.deepEqual(server.got, ['a']);
  assert.deepEqual(
    kept().map(({ key }) => key),
    ['b'],
  );
});

test('a lost login or right, a busy server and a slow one make it wait, and no more', () => {
  for (const one of [
    OFFLINE,
    failure('timeout', 0),
    failure('unauthenticated', 401),
    failure('forbidden', 403),
    failure('rate_limited', 429),
    failure('internal', 500),
    failure('storage_unavailable', 503),
    failure('guests_not_allowed', 409, { login: true }),
  ]) {
    assert.equal(refusalIn(one), undefined, one.code);
  }
  assert.deepEqual(refusalIn(failure('not_found', 404)), { code: 'not_found' });
  assert.deepEqual(refusalIn(failure('invalid_field', 422)), { code: 'invalid_field' });
});

test('a full phone still sends, strikes out what was answered, and says that nothing was written down', async () => {
  phone.full = true;
  const queue = start();
  assert.equal(queue.add(act('a')), false);
  server.otherwise = () => OFFLINE;
  assert.equal((await queue.perform(act('a'))).kind, 'kept');
  assert.equal(queue.own().length, 1);
  server.otherwise = () => ({ version: 2 });
  await queue.flush();
  assert.deepEqual(queue.own(), []);
  phone.full = false;
  assert.equal(queue.add(act('b')), true);
  assert.deepEqual(
    kept().map(({ key }) => key),
    ['b'],
  );
});

test('whoever is told that something has changed reads what waits now, with room on the phone and without', async () => {
  const queue = start();
  const told = [];
  phone.told = () => told.push(queue.own().length);
  phone.full = true;
  queue.add(act('a'));
  assert.deepEqual(told, [1]);
  phone.full = false;
  await queue.flush();
  assert.equal(told[told.length - 1], 0);
});

test('an act that was written down twice is sent once', async () => {
  const queue = start();
  await Promise.all([queue.perform(act('a')), queue.perform(act('a')), queue.flush()]);
  assert.deepEqual(server.got, ['a']);
});
