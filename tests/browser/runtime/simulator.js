/** The simulated WeChat behind this phone: who the person is. */
import { WxFailure } from './failure.js';
import { host, settings } from './settings.js';

async function post(path, body) {
  const response = await fetch(`/simulator/_sim/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new WxFailure(answer.error ?? `the simulator answers ${response.status}`);
  return answer;
}

/** A code for `wx.login`; whoever it is for becomes known by it. */
export async function loginCode() {
  const { code } = await post('codes', { appid: host.appid, user: settings.user });
  return code;
}

/** A code for the phone number of the person, who must have one. */
export async function phoneCode() {
  const { code } = await post('phone-codes', { appid: host.appid, user: settings.user });
  return code;
}

/** The phone number of the person, as WeChat encrypts it. */
export async function encryptedPhone() {
  const { encrypted_data: encryptedData, iv } = await post('encrypted-data', {
    appid: host.appid,
    user: settings.user,
    phone: true,
  });
  return { encryptedData, iv };
}
