/**
 * WGS-84, which satellites give, and GCJ-02, in which maps in mainland China are drawn. The shift is the published
 * approximation over the Krasovsky ellipsoid.
 */

/** @typedef {{ latitude: number, longitude: number }} Position degrees */

const AXIS = 6378245;
const ECCENTRICITY = 0.006693421622965943;

const isOutOfChina = ({ latitude, longitude }) =>
  longitude < 72.004 || longitude > 137.8347 || latitude < 0.8293 || latitude > 55.8271;

const wave = (x, ...parts) => parts.reduce((sum, [size, period]) => sum + size * Math.sin((x * Math.PI) / period), 0);

function shift({ latitude, longitude }) {
  const [x, y] = [longitude - 105, latitude - 35];
  const common = (wave(x, [20, 1 / 6], [20, 1 / 2]) * 2) / 3;
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    common +
    (wave(y, [20, 1], [40, 3], [160, 12], [320, 30]) * 2) / 3;
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    common +
    (wave(x, [20, 1], [40, 3], [150, 12], [300, 30]) * 2) / 3;
  const radians = (latitude * Math.PI) / 180;
  const bend = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  return {
    latitude: (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / bend ** 1.5) * Math.PI),
    longitude: (east * 180) / ((AXIS / Math.sqrt(bend)) * Math.cos(radians) * Math.PI),
  };
}

/** @param {Position} position in WGS-84 */
export function toGcj02(position) {
  if (isOutOfChina(position)) return { latitude: position.latitude, longitude: position.longitude };
  const by = shift(position);
  return { latitude: position.latitude + by.latitude, longitude: position.longitude + by.longitude };
}

/** @param {Position} position in GCJ-02 */
export function toWgs84(position) {
  let guess = position;
  // The shift changes slowly, so that five rounds are exact to less than a millimeter.
  for (let round = 0; round < 5; round++) {
    const { latitude, longitude } = toGcj02(guess);
    guess = {
      latitude: guess.latitude + position.latitude - latitude,
      longitude: guess.longitude + position.longitude - longitude,
    };
  }
  return { latitude: guess.latitude, longitude: guess.longitude };
}
