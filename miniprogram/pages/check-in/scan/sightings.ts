/** How long a code has to be out of sight before seeing it again is another scan, in milliseconds. */
export const AWAY = 1_500;

/** The camera reports a code again and again while it is in view; this tells which reports are a new scan. */
export class Sightings {
  private code = '';
  private at = 0;

  /** True for a code that was not in view a moment ago. */
  isNew(code: string, at: number): boolean {
    const still = code === this.code && at - this.at < AWAY;
    this.code = code;
    this.at = at;
    return !still;
  }

  /** The next sighting is new whatever it is. */
  forget(): void {
    this.code = '';
  }
}
