import { texts } from '../texts/index';

/** A wrong field, as the server names it (RFC 9457, member `errors`). */
export interface WrongField {
  field: string;
  code: string;
  detail: string;
}

/** An organization that may be chosen, as the server names it (member `organizations`). */
export interface Choice {
  name: string;
  scene: string;
}

/** Codes that speak of the request itself: sent again, it would fail again. */
const FINAL: readonly string[] = [
  'malformed_body',
  'malformed_parameter',
  'not_found',
  'body_too_large',
  'invalid_field',
  'nonce_reused',
];

/** Why a call gave no answer. Thrown by everything in `services/`. */
export class Failure {
  constructor(
    /** The server's stable code, or `offline` and `timeout` when nothing came back. */
    readonly code: string,
    /** HTTP status; 0 when nothing came back. */
    readonly status = 0,
    readonly fields: readonly WrongField[] = [],
    /** It was the login that failed; the request itself was not judged. */
    readonly login = false,
    /** The organizations to choose from, with `organization_required`. */
    readonly choices: readonly Choice[] = [],
    /** The whole problem document: some codes bring more, such as the current order of a stale move. */
    readonly document: Readonly<Record<string, unknown>> = {},
  ) {}

  /** Nothing came back: the same request may be sent again later. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** Sending the same request again would fail again. */
  get final(): boolean {
    return !this.login && FINAL.includes(this.code);
  }

  duringLogin(): Failure {
    return new Failure(this.code, this.status, this.fields, true, this.choices, this.document);
  }
}

/** A sentence for people, in their language. */
export function explain(error: unknown): string {
  return problemText(error instanceof Failure ? error.code : 'internal');
}

/** The sentence for a code. */
export function problemText(code: string): string {
  const known: Record<string, string> = texts().problems;
  return known[code] ?? texts().problems.internal;
}

/** Whatever was thrown, as a failure; a defect of ours is told in the log and shown as `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure('internal', 500);
}
