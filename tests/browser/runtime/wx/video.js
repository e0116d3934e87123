/** `wx.createVideoContext`: what a page does to one of its videos. */
import { VIDEO } from '../builtins/video.js';
import { topPage } from '../page-stack.js';
import { recordError } from '../record.js';
import { expectType, syncCall } from './define.js';

const CALLS = {
  play: (player) => void player.play().catch(() => undefined),
  pause: (player) => player.pause(),
  stop(player) {
    player.pause();
    player.currentTime = 0;
  },
  seek(player, position) {
    player.currentTime = position;
  },
  playbackRate(player, rate) {
    player.playbackRate = rate;
  },
};

syncCall(
  'createVideoContext',
  (id, component) => {
    expectType(id, 'String', 'videoId');
    const scope = component ?? topPage().instance;
    const find = () => scope._$.getShadowRoot()?.querySelector(`#${CSS.escape(id)}`)?.$$?.[VIDEO]?.player;
    const bound = Object.entries(CALLS).map(([name, run]) => [
      name,
      (...values) => {
        const player = find();
        if (player === undefined) recordError(`VideoContext.${name}: the video "${id}" is not found`);
        else run(player, ...values);
      },
    ]);
    return Object.fromEntries(bound);
  },
  { isRecorded: false },
);
