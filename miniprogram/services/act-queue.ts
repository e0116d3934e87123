/**
 * Acts that are written down before they are sent, and struck out when they are answered. Acts of one lane (a work
 * order, a day) go in the order in which they were made; lanes do not wait for each other. What the server refuses is
 * kept with its reason until the person drops it. Knows neither storage nor network: both come in as `Ports`.
 */
import type { Failure } from './failure';

/** Who made an act, and where. It is sent by the same person to the same organization, and by nobody else. */
export interface Owner {
  organization_id: string;
  person_id: string;
}

export interface QueuedAct extends Owner {
  /** 16 to 64 characters; makes a second sending harmless. */
  key: string;
  lane: string;
  /** Keys of the photos and of the signature that go with it. */
  files: string[];
  /** Those of `files` that the server will never take. */
  refused_files?: string[];
  /** It was made on top of what waits in its lane, so it counts from the version that is reached then. */
  follows?: boolean;
  /** The version of the work order that the person saw. */
  version?: number;
  /** There was no network when it was made or sent first. */
  offline?: boolean;
  /** Why it waits, as far as it was tried. */
  problem?: string;
  /** It can never succeed as it is, and why. */
  refused?: Refusal;
}

export interface Refusal {
  code: string;
  /** More about the code, such as why a move was refused. */
  reason?: string;
}

/** What came of an act. */
export type Outcome<R> =
  | { kind: 'done'; answer: R }
  | { kind: 'refused'; refusal: Refusal }
  /** It waits; `problem` says why, and is undefined while it is on its way. */
  | { kind: 'kept'; problem?: string };

export interface Ports<A extends QueuedAct, R> {
  read(): A[];
  /** Throws when the phone has no room. */
  write(acts: A[]): void;
  /** Called each time when what waits has changed. */
  changed(): void;
  /** Who is logged in. */
  owner(): Owner | undefined;
  /** Sends one act; `changed` writes down what was learned on the way. Throws a `Failure`. */
  send(act: A, changed: (act: A) => void): Promise<R>;
  /** The version that later acts of the lane count from; undefined when they have to be judged as they are. */
  versionOf(answer: R): number | undefined;
  failureOf(error: unknown): Failure;
}

/** These speak of the person, of the moment or of the server, not of the act: it is sent again later. */
const PASSING: readonly number[] = [401, 403, 408, 425, 429];

/** Whether sending the same again would fail again. */
export function refusalIn({ status, login, code, document }: Failure): Refusal | undefined {
  if (login || status < 400 || status >= 500 || PASSING.includes(status)) return undefined;
  const { reason } = document;
  return { code, ...(typeof reason === 'string' && { reason }) };
}

export class ActQueue<A extends QueuedAct, R> {
  /** Lanes from which something is being sent. */
  private readonly running = new Map<string, Promise<void>>();
  /** Acts whose outcome somebody waits for, and what is known of it. */
  private readonly awaited = new Map<string, Outcome<R> | undefined>();
  /** What a full phone could not write down; right for as long as the mini program runs. */
  private memory: A[] | undefined;

  constructor(private readonly ports: Ports<A, R>) {}

  /** All that is written down, of every person and organization, in the order in which it was made. */
  all(): A[] {
    return this.memory ?? this.ports.read();
  }

  /** Those of the person who is logged in. */
  own(): A[] {
    const owner = this.ports.owner();
    return this.all().filter((act) => isOf(act, owner));
  }

  /** How many wait for another person or organization. */
  elsewhere(): number {
    return this.all().length - this.own().length;
  }

  /** Writes an act down; false when the phone has no room, and then it lasts only as long as the mini program runs. */
  add(act: A): boolean {
    if (this.find(act.key) !== undefined) return true;
    return this.save([...this.all(), act]);
  }

  /** Sends an act after what waits before it, and answers what came of it. */
  async perform(act: A): Promise<Outcome<R>> {
    this.add(act);
    this.awaited.set(act.key, undefined);
    await this.run(act.lane);
    // The lane may just have given up when the act came.
    if (this.awaited.get(act.key) === undefined && this.find(act.key)?.problem === undefined) await this.run(act.lane);
    const outcome = this.awaited.get(act.key);
    this.awaited.delete(act.key);
    if (outcome !== undefined) return outcome;
    const problem = this.find(act.key)?.problem;
    return { kind: 'kept', ...(problem !== undefined && { problem }) };
  }

  /** Sends all that waits, until the network fails. */
  async flush(): Promise<void> {
    const lanes = new Set(this.own().map(({ lane }) => lane));
    await Promise.all([...lanes].map((lane) => this.run(lane)));
  }

  private run(lane: string): Promise<void> {
    const known = this.running.get(lane);
    if (known !== undefined) return known;
    const run = this.empty(lane).finally(() => this.running.delete(lane));
    this.running.set(lane, run);
    return run;
  }

  /** Sends what waits in a lane, until something has to wait. */
  private async empty(lane: string): Promise<void> {
    for (;;) {
      // Somebody else may have logged in meanwhile.
      const act = this.own().find((one) => one.lane === lane && one.refused === undefined);
      if (act === undefined) return;
      try {
        this.settle(act, await this.ports.send(act, (changed) => this.change(changed)));
      } catch (error) {
        if (!this.fail(act.key, this.ports.failureOf(error))) return;
      }
    }
  }

  private settle(act: A, answer: R): void {
    const version = this.ports.versionOf(answer);
    const left = this.all().filter(({ key }) => key !== act.key);
    this.save(
      left.map((other) =>
        version !== undefined && other.lane === act.lane && other.follows === true && isOf(other, act)
          ? { ...other, version }
          : other,
      ),
    );
    this.tell(act.key, { kind: 'done', answer });
  }

  /** Whether the next one of the lane may be tried. */
  private fail(key: string, failure: Failure): boolean {
    const act = this.find(key);
    // Given up by the person meanwhile.
    if (act === undefined) return true;
    const refusal = refusalIn(failure);
    if (refusal === undefined) {
      this.hold(act, failure);
      return false;
    }
    const { problem: _, ...rest } = act;
    this.change({ ...rest, refused: refusal } as A);
    this.tell(key, { kind: 'refused', refusal });
    return true;
  }

  /** What waits behind an act waits for the same; where that one found no network, it was made without network too. */
  private hold({ lane, ...owner }: A, { code, offline }: Failure): void {
    this.save(
      this.all().map((other) =>
        other.lane === lane && isOf(other, owner) && other.refused === undefined
          ? { ...other, problem: code, ...(offline && { offline }) }
          : other,
      ),
    );
  }

  private tell(key: string, outcome: Outcome<R>): void {
    if (this.awaited.has(key)) this.awaited.set(key, outcome);
  }

  /** Sends a refused act again, as of `version`, and without the files that were refused. */
  async retry(key: string, version?: number): Promise<void> {
    const act = this.own().find((one) => one.key === key);
    if (act === undefined) return;
    const { refused: _, refused_files = [], ...rest } = act;
    const files = act.files.filter((file) => !refused_files.includes(file));
    this.change({ ...rest, files, ...(version !== undefined && { version }) } as A);
    await this.run(act.lane);
  }

  /** Strikes out what the person gives up; answers it, so that its files can go too. */
  drop(key: string): A | undefined {
    const act = this.own().find((one) => one.key === key);
    if (act !== undefined) this.save(this.all().filter((one) => one.key !== key));
    return act;
  }

  private find(key: string): A | undefined {
    return this.all().find((act) => act.key === key);
  }

  /** Replaces an act by what it has become. */
  private change(act: A): void {
    this.save(this.all().map((other) => (other.key === act.key ? act : other)));
  }

  private save(acts: A[]): boolean {
    const kept = this.write(acts);
    // Whoever is told reads what is right from now on.
    this.memory = kept ? undefined : acts;
    this.ports.changed();
    return kept;
  }

  private write(acts: A[]): boolean {
    try {
      this.ports.write(acts);
      return true;
    } catch (error) {
      console.error('the phone cannot keep what was done', error);
      return false;
    }
  }
}

function isOf(act: Owner, owner: Owner | undefined): boolean {
  return act.organization_id === owner?.organization_id && act.person_id === owner.person_id;
}
