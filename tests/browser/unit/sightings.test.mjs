import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { AWAY, Sightings } = load('pages/check-in/scan/sightings.ts');

test('a ticket in view is one scan, however often the camera reports it', () => {
  const sightings = new Sightings();
  assert.equal(sightings.isNew('A', 0), true);
  sightings.judge('A', 0);
  for (let at = 100; at < 60_000; at += 100) assert.equal(sightings.isNew('A', at), false);
});

test('what was not judged yet stays new, also while another is judged', () => {
  const sightings = new Sightings();
  sightings.isNew('A', 0);
  sightings.judge('A', 0);
  for (let at = 100; at < 5_000; at += 100) {
    assert.equal(sightings.isNew('B', at), true);
    assert.equal(sightings.isNew('A', at), false);
  }
});

test('two tickets in view are two scans, not a scan each time the camera turns from one to the other', () => {
  const sightings = new Sightings();
  let scans = 0;
  for (let at = 0; at < 10_000; at += 100) {
    const code = (at / 100) % 2 ? 'A' : 'B';
    if (!sightings.isNew(code, at)) continue;
    sightings.judge(code, at);
    scans += 1;
  }
  assert.equal(scans, 2);
});

test('a ticket is a new scan after it was out of sight', () => {
  const sightings = new Sightings();
  sightings.judge('A', 0);
  assert.equal(sightings.isNew('A', AWAY - 1), false);
  assert.equal(sightings.isNew('A', AWAY - 1 + AWAY), true);
});

test('a rotating ticket is the same ticket when its proof changes', () => {
  const sightings = new Sightings();
  const issued = 'A'.repeat(204);
  sightings.judge(issued + 'B'.repeat(107), 0);
  assert.equal(sightings.isNew(issued + 'C'.repeat(107), 100), false);
  assert.equal(sightings.isNew('D' + issued.slice(1) + 'C'.repeat(107), 200), true);
});

test('asked to, it takes what is in view for new', () => {
  const sightings = new Sightings();
  sightings.judge('A', 0);
  sightings.forget();
  assert.equal(sightings.isNew('A', 1), true);
});
