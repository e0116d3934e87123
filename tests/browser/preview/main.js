/** The outer page: phones side by side. */
import { createPhone } from './phone.js';

const NAMES = 'abcdefgh';
const container = document.getElementById('phones');
const phones = [];

for (const name of window.previewUsers) document.getElementById('users').append(new Option(name));

function add(user) {
  const phone = createPhone(NAMES[phones.length], user, () => phones.map(({ name }) => name));
  phones.push(phone);
  container.append(phone.element);
  for (const one of phones) one.panel.drawOthers();
  document.getElementById('add-phone').disabled = phones.length === NAMES.length;
}

document.getElementById('add-phone').addEventListener('click', () => {
  add(window.previewUsers[phones.length] ?? `guest-${phones.length + 1}`);
  phones.at(-1).element.scrollIntoView({ behavior: 'smooth', inline: 'end', block: 'nearest' });
});

add(window.previewUsers[0] ?? 'attendee');
add(window.previewUsers[1] ?? 'staff');
