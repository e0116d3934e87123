/** What the phone itself can say about a code, by the event's public keys. */
import { ruleAtOnce } from '../core/index';
import type { Schemas } from './http';

interface Read {
  kind: 'unknown' | 'short' | 'signed';
  signed?: boolean;
  key_number?: number;
}

/**
 * True for what is no ticket of the event, false for a genuine one; undefined when the phone cannot tell: the rules do
 * not run, it is a short code, or it was signed with a key that was added since.
 */
export async function isForeign(code: string, keys: Schemas['EventKeyView'][]): Promise<boolean | undefined> {
  const seen = await ruleAtOnce<Read>('read_code', { code, keys });
  switch (seen?.kind) {
    case 'unknown':
      return true;
    case 'signed':
      if (seen.signed === true) return false;
      return keys.some(({ number }) => number === seen.key_number) ? true : undefined;
    default:
      return undefined;
  }
}
