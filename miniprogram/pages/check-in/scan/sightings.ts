import { identityOf } from '../../../services/codes';

/** How long a ticket has to be out of sight before seeing it again is another scan, in milliseconds. */
export const AWAY = 1_500;

/**
 * The camera reports a code again and again while it is in view, and may see several at once; this tells which reports
 * ask for a scan. What was reported but not judged, because staff were busy with another, still does.
 */
export class Sightings {
  private readonly seen = new Map<string, { at: number; judged: boolean }>();

  /** To be called for every report. True when the ticket was not judged since it came into view. */
  isNew(code: string, at: number): boolean {
    for (const [ticket, sighting] of this.seen) if (at - sighting.at >= AWAY) this.seen.delete(ticket);
    const ticket = identityOf(code);
    const judged = this.seen.get(ticket)?.judged ?? false;
    this.seen.set(ticket, { at, judged });
    return !judged;
  }

  /** The ticket is being judged, wherever its code came from. */
  judge(code: string, at: number): void {
    this.seen.set(identityOf(code), { at, judged: true });
  }

  /** Whatever is in view asks for a scan again. */
  forget(): void {
    this.seen.clear();
  }
}
