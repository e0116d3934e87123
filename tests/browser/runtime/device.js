/** What an app has made of the phone: sounds, vibrations, brightness, clipboard. Tests read it. */
export const device = {
  /** @type {string[]} */
  sounds: [],
  /** @type {{ kind: 'short' | 'long', type?: string }[]} */
  vibrations: [],
  /** @type {string[]} */
  phoneCalls: [],
  brightness: 0.5,
  keepsScreenOn: false,
  clipboard: '',
  audio: { obeyMuteSwitch: true, mixWithOther: true },
};
