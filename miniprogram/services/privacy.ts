/** The privacy contract that WeChat makes every mini program show. These interfaces know no promises. */

/** Opens the contract; false where it cannot be opened. */
export function openPrivacyContract(): Promise<boolean> {
  if (!wx.canIUse('openPrivacyContract')) return Promise.resolve(false);
  return new Promise((resolve) => wx.openPrivacyContract({ success: () => resolve(true), fail: () => resolve(false) }));
}

/** The contract's name as WeChat writes it; undefined on clients before base library 2.32.3. */
export function privacyContractName(): Promise<string | undefined> {
  if (!wx.canIUse('getPrivacySetting')) return Promise.resolve(undefined);
  return new Promise((resolve) =>
    wx.getPrivacySetting({
      success: (setting) => resolve(setting.privacyContractName),
      fail: () => resolve(undefined),
    }),
  );
}

type Resolve = (answer: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void;

/** Interfaces that wait for the person's consent; one answer is for all of them. */
const waiting: Resolve[] = [];
/** The dialogues on the pages that are open; the last one asks. */
const dialogues: (() => void)[] = [];

/**
 * Called once, when the mini program starts: a camera on a page may ask before anything else of the page is there
 * (`wx.onNeedPrivacyAuthorization`, base library 2.32.3).
 */
export function watchPrivacy(): void {
  if (!wx.canIUse('onNeedPrivacyAuthorization')) return;
  // The client hands over a function; WeChat's own types speak of a result.
  wx.onNeedPrivacyAuthorization(((resolve: Resolve) => {
    waiting.push(resolve);
    dialogues.slice(-1)[0]?.();
  }) as unknown as WechatMiniprogram.OnNeedPrivacyAuthorizationCallback);
}

/**
 * Names who asks the person from now on; at once, when something waits already. Answers a function that ends it, for
 * when the dialogue is gone: then the one before asks again.
 */
export function askConsentWith(dialogue: () => void): () => void {
  dialogues.push(dialogue);
  if (waiting.length > 0) dialogue();
  return () => {
    const place = dialogues.lastIndexOf(dialogue);
    if (place < 0) return;
    const asking = place === dialogues.length - 1;
    dialogues.splice(place, 1);
    if (asking && waiting.length > 0) dialogues.slice(-1)[0]?.();
  };
}

/** WeChat wants to know that the dialogue is seen. */
export function consentIsShown(): void {
  for (const resolve of waiting) resolve({ event: 'exposureAuthorization' });
}

/** `buttonId`: the button of `open-type="agreePrivacyAuthorization"` that was tapped; undefined when refused. */
export function answerConsent(buttonId: string | undefined): void {
  for (const resolve of waiting.splice(0)) {
    resolve(buttonId === undefined ? { event: 'disagree' } : { event: 'agree', buttonId });
  }
}

/** Asks for consent before a login, where WeChat knows how to (base library 2.32.3); false when the person refused. */
export function consentForLogin(): Promise<boolean> {
  if (!wx.canIUse('requirePrivacyAuthorize')) return Promise.resolve(true);
  return new Promise((resolve) =>
    wx.requirePrivacyAuthorize({ success: () => resolve(true), fail: () => resolve(false) }),
  );
}
