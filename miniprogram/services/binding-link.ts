/** A signed link that binds an account, as a QR code or the mini program's path holds it. */
import { decoded } from './arrival';

/** The token of the link; undefined for anything else. */
export function bindingTokenIn(text: string): string | undefined {
  if (!text.includes('pages/account/bind/index')) return undefined;
  return decoded(/[?&]token=([^&#]+)/.exec(text)?.[1]);
}
