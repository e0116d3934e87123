/** With what the mini program was opened: the code of another organization leads there. */
import { current } from './session';
import { read, write } from './storage';

interface Opened {
  path: string;
  query: Record<string, string | undefined>;
  /** How it was opened, in WeChat's numbers. */
  scene: number;
}

/** A switch that the person has asked for by opening a code of another organization. */
export interface Switch {
  scene: string;
  /** The page that was opened. */
  next: string;
}

/** QR codes and mini program codes, by camera, by a long press, or from the album. */
const SCANNED: readonly number[] = [1011, 1012, 1013, 1047, 1048, 1049];

let last: string | undefined;
let pending: Switch | undefined;

/** Called each time the mini program is opened or comes back to the front. */
export function arrive({ path, query, scene: how }: Opened): void {
  const scene = decoded(query['scene']);
  // Coming back to the front tells again what the mini program was opened with before.
  if (scene === undefined || (scene === last && !SCANNED.includes(how))) return;
  last = scene;
  const session = current();
  if (session === undefined) {
    if (!leadsTo(scene, read('organization')?.scene)) write('organization', { scene });
    return;
  }
  if (leadsTo(scene, session.scene)) return;
  const search = Object.entries(query).map(([name, value]) => `${name}=${value ?? ''}`);
  pending = { scene, next: `/${path}?${search.join('&')}` };
}

/** The switch that is due; it is told once. */
export function takeSwitch(): Switch | undefined {
  const due = pending;
  pending = undefined;
  return due;
}

/** A value of a query, however often it was encoded on its way here. */
export function decoded(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  let text = value;
  for (let turn = 0; turn < 2 && text.includes('%'); turn += 1) {
    try {
      text = decodeURIComponent(text);
    } catch {
      return text;
    }
  }
  return text;
}

/** Scenes name the organization as `o=`; one that names none leads nowhere else. */
export function leadsTo(scene: string, known: string | undefined): boolean {
  const organization = organizationIn(scene);
  return organization === undefined || organization === organizationIn(known ?? '');
}

function organizationIn(scene: string): string | undefined {
  return scene
    .split('&')
    .find((part) => part.startsWith('o='))
    ?.slice(2);
}
