/** What leads to a unit or to an order: mini program codes, plain links in QR codes, and links that were sent. */
import { decoded } from './arrival';

const UNIT = /^[0-9A-Za-z]{10}$/;
const FOLLOW = /^[0-9A-Za-z]{20,22}$/;

type Query = Record<string, string | undefined>;

/** The code of the unit with which a page was opened: `scene=u=<code>`, `q=<link>`, or `code=<code>`. */
export function unitCodeOf({ scene, q, code }: Query): string | undefined {
  const named = decoded(scene)
    ?.split('&')
    .find((part) => part.startsWith('u='))
    ?.slice(2);
  return [named, lastOf(decoded(q), 'q'), decoded(code)].find((found) => found !== undefined && UNIT.test(found));
}

/** The follow code with which a page was opened. */
export function followCodeOf({ q, code }: Query): string | undefined {
  return [lastOf(decoded(q), 'f'), decoded(code)].find((found) => found !== undefined && FOLLOW.test(found));
}

/** The code of the unit in what was scanned: a mini program code tells its path, a plain QR code its link. */
export function unitCodeIn({ path, result }: { path?: string; result?: string }): string | undefined {
  const scene = /[?&]scene=([^&#]+)/.exec(path ?? '')?.[1];
  return unitCodeOf({ scene, q: result, code: result?.trim() });
}

/** The follow code in a link that was scanned or pasted. */
export function followCodeIn(text: string): string | undefined {
  return followCodeOf({ q: text.trim(), code: text.trim() });
}

/** The code after `/q/` or `/f/` at the end of a link. */
function lastOf(link: string | undefined, folder: 'q' | 'f'): string | undefined {
  return new RegExp(`^https?://[^?#]+/${folder}/([0-9A-Za-z]+)/?(?:[?#].*)?$`).exec(link ?? '')?.[1];
}
