/** What tells one ticket's code from another's. */

/** Our long codes: upper-case Base32, longer than any that does not rotate. */
const ROTATING = /^[A-Z2-7]{300,}$/;
/** The proof at the end, which the holder's phone makes anew: 66 bytes, rounded up to whole characters. */
const PROOF = 107;

/** The same for every code that one ticket shows, however often a rotating one changes. */
export function identityOf(code: string): string {
  const text = code.trim().toUpperCase();
  return ROTATING.test(text) ? text.slice(0, -PROOF) : text;
}
