import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { AWAY, Sightings } = load('pages/check-in/scan/sightings.ts');

test('a code in view is one scan, however often the camera reports it', () => {
  const sightings = new Sightings();
  assert.equal(sightings.isNew('A', 0), true);
  for (let at = 100; at < 60_000; at += 100) assert.equal(sightings.isNew('A', at), false);
});

test('the same code is a new scan after it was out of sight, and another code at once', () => {
  const sightings = new Sightings();
  sightings.isNew('A', 0);
  assert.equal(sightings.isNew('B', 10), true);
  assert.equal(sightings.isNew('A', 20), true);
  assert.equal(sightings.isNew('A', 20 + AWAY - 1), false);
  assert.equal(sightings.isNew('A', 20 + AWAY - 1 + AWAY), true);
});

test('asked to, it takes what is in view for new', () => {
  const sightings = new Sightings();
  sightings.isNew('A', 0);
  sightings.forget();
  assert.equal(sightings.isNew('A', 1), true);
});
