/** What staff hear and feel, so that nobody has to look at a colour: each tone has its own sound and its own vibration. */
import type { Tone } from './verdicts';

const SOUNDS: Record<Tone, string> = {
  admitted: '/assets/sounds/admitted.wav',
  again: '/assets/sounds/again.wav',
  refused: '/assets/sounds/refused.wav',
  unpaid: '/assets/sounds/unpaid.wav',
  kept: '/assets/sounds/kept.wav',
};

let player: WechatMiniprogram.InnerAudioContext | undefined;

/** Sounds even when the phone is muted: at a gate that is what it is for. */
export function prepareSounds(): void {
  void wx.setInnerAudioOption({ obeyMuteSwitch: false }).catch(() => undefined);
  player ??= wx.createInnerAudioContext();
}

export function releaseSounds(): void {
  player?.destroy();
  player = undefined;
}

export function signal(tone: Tone): void {
  if (player !== undefined) {
    player.stop();
    player.src = SOUNDS[tone];
    player.play();
  }
  vibrate(tone);
}

function vibrate(tone: Tone): void {
  const ignore = (): void => undefined;
  switch (tone) {
    case 'admitted':
      wx.vibrateShort({ type: 'medium' }).catch(ignore);
      break;
    case 'kept':
      wx.vibrateShort({ type: 'light' }).catch(ignore);
      setTimeout(() => wx.vibrateShort({ type: 'light' }).catch(ignore), 180);
      break;
    case 'again':
      wx.vibrateShort({ type: 'heavy' }).catch(ignore);
      setTimeout(() => wx.vibrateShort({ type: 'heavy' }).catch(ignore), 200);
      break;
    case 'unpaid':
      for (const after of [0, 200, 400]) setTimeout(() => wx.vibrateShort({ type: 'medium' }).catch(ignore), after);
      break;
    case 'refused':
      wx.vibrateLong().catch(ignore);
      break;
  }
}
