import { texts } from '../texts/index';

/** A wrong field, as the server names it (RFC 9457, member `errors`). */
export interface WrongField {
  field: string;
  code: string;
  detail: string;
}

/** Why a call gave no answer. Thrown by everything in `services/`. */
export class Failure {
  constructor(
    /** The server's stable code, or `offline` and `timeout` when nothing came back. */
    readonly code: string,
    /** HTTP status; 0 when nothing came back. */
    readonly status = 0,
    readonly fields: readonly WrongField[] = [],
  ) {}

  /** Nothing came back: the same request may be sent again later. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** It is about this request itself; sent again it would fail again. */
  get final(): boolean {
    return [400, 404, 409, 413, 422].includes(this.status);
  }

  /** The server cannot say anything now, but may a little later. */
  get passing(): boolean {
    return this.offline || this.status === 429 || this.status >= 500;
  }
}

/** A sentence for people, in their language. */
export function explain(error: unknown): string {
  const known: Record<string, string> = texts().problems;
  const code = error instanceof Failure ? error.code : 'internal';
  return known[code] ?? texts().problems.internal;
}

/** Whatever was thrown, as a failure; a defect of ours is told in the log and shown as `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure('internal', 500);
}
