/** Where the phone is. */
import { h, row, select } from './elements.js';

const CHOICES = [
  ['here', '坐标 Coordinates'],
  ['off', '定位关闭 Off'],
  ['no signal', '无信号 No signal'],
];

export function createPositionControl(get) {
  const place = h('input', {
    placeholder: '31.23037, 121.4737',
    spellcheck: 'false',
    title: '纬度, 经度 Latitude, longitude',
    onchange: () => apply(),
  });
  const datum = select(
    [
      ['gcj02', 'GCJ-02'],
      ['wgs84', 'WGS-84'],
    ],
    'gcj02',
    () => apply(),
  );
  datum.setAttribute('aria-label', '坐标系 Datum');
  const accuracy = h('input', { type: 'number', min: '1', value: '20', onchange: () => apply() });
  const choice = select(CHOICES, 'here', () => apply());
  const placeRow = row('经纬度', 'Lat, lng', place, datum);
  const accuracyRow = row('精度 (米)', 'Accuracy (m)', accuracy);

  function apply() {
    drawFields();
    if (choice.value !== 'here') return get().setPosition(choice.value === 'off' ? null : choice.value);
    const [latitude, longitude] = place.value.split(/[,，]/).map(Number);
    const chosen = { latitude, longitude, accuracy: Number(accuracy.value), datum: datum.value };
    try {
      get().setPosition(chosen);
      place.setCustomValidity('');
    } catch {
      place.setCustomValidity('31.23037, 121.4737');
      place.reportValidity();
    }
  }

  function drawFields() {
    for (const one of [placeRow, accuracyRow]) one.hidden = choice.value !== 'here';
  }

  return {
    rows: [row('位置', 'Position', choice), placeRow, accuracyRow],
    show(position) {
      if (position === null) choice.value = 'off';
      else if (typeof position === 'string') choice.value = position;
      else {
        choice.value = 'here';
        place.value = `${position.latitude}, ${position.longitude}`;
        accuracy.value = String(position.accuracy ?? 20);
        datum.value = position.datum ?? 'wgs84';
      }
      drawFields();
    },
  };
}
