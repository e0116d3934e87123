import { recordError } from '../record.js';

const NUMBERS = new Set(['id', 'latitude', 'longitude', 'radius']);
const told = new Set();

/**
 * Says once what a phone would not draw.
 * @param {string} attribute of the `<map>`
 * @param {object} item
 * @param {{ needed: string[], known: string[] }} fields
 */
export function expectFields(attribute, item, { needed, known }) {
  for (const name of needed) {
    const value = item[name];
    if (value === undefined) tell(`<map> ${attribute}: "${name}" is missing`);
    else if (NUMBERS.has(name) && typeof value !== 'number')
      tell(`<map> ${attribute}: "${name}" is ${JSON.stringify(value)} and not a number`);
  }
  for (const name of Object.keys(item)) {
    if (!needed.includes(name) && !known.includes(name)) tell(`<map> ${attribute}: "${name}" is not simulated`);
  }
  for (const { latitude, longitude } of item.points ?? []) {
    if (typeof latitude !== 'number' || typeof longitude !== 'number')
      tell(`<map> ${attribute}: a point has no latitude and longitude as numbers`);
  }
}

function tell(text) {
  if (told.has(text)) return;
  told.add(text);
  recordError(text);
}
