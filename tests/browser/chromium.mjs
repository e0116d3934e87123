import { chromium } from 'playwright-core';

/** What keeps a test browser to itself: no service of its maker, no other machine, no first-run pages. */
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** Starts the Chromium of the system with a fresh profile. `CHROMIUM` names another. */
export function launch(options = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    chromiumSandbox: false,
    args: ARGUMENTS,
    ...options,
  });
}
