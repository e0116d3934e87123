/** Units that are served: what anybody sees who scans one, and those that the person has registered. */
import { language } from '../texts/index';
import { ask, askOpenly } from './asking';
import { Failure } from './failure';
import { current } from './session';
import { read, write } from './storage';
import type { FaultType, Page, Point, Registration, Unit } from './work-order-types';

const SEEN = 20;

/** The unit as it was seen last, for reporting where there is no network. */
export function seenUnit(code: string): Unit | undefined {
  return read('units')?.find((unit) => unit.code === code);
}

function noteUnit(unit: Unit): void {
  const others = (read('units') ?? []).filter(({ code }) => code !== unit.code);
  try {
    write('units', [unit, ...others].slice(0, SEEN));
  } catch (error) {
    console.warn('the phone cannot keep a unit', error);
  }
}

/**
 * A unit by its code. Whoever is logged in elsewhere sees it as a stranger does: it may belong to another organization
 * on the same mini program.
 */
export async function fetchUnit(code: string): Promise<Unit> {
  const path = { code };
  const here = current()?.organization.id;
  const unit = await askOpenly<Unit>('get', '/api/v1/equipment/{code}', { path }).catch((error: unknown) => {
    const unknown = error instanceof Failure && error.code === 'not_found' && here !== undefined;
    if (!unknown) throw error;
    return askOpenly<Unit>('get', '/api/v1/equipment/{code}', { path }, '');
  });
  noteUnit(unit);
  noteFaultTypes(unit.fault_types);
  return unit;
}

/** Registers a unit as the person's own, by its serial number or the code on it; again with a position. */
export function registerUnit(body: {
  serial_number: string;
  code?: string;
  position?: Point;
  accuracy?: number;
  address?: string;
}): Promise<Registration> {
  return ask('post', '/api/v1/me/equipment', { body });
}

export async function fetchMyUnits(cursor?: string): Promise<Page<Registration>> {
  return ask('get', '/api/v1/me/equipment', { query: { cursor } });
}

/** Faults are named by the organization; an order knows only their codes. */
function noteFaultTypes(types: readonly FaultType[]): void {
  const known = read('fault_types') ?? {};
  const added = Object.fromEntries(
    types.map(({ code, name, name_en }) => [code, { name, ...(name_en && { name_en }) }]),
  );
  try {
    write('fault_types', { ...known, ...added });
  } catch (error) {
    console.warn('the phone cannot keep the names of faults', error);
  }
}

/** A fault type in the language of the person, where it has a name in it. */
export function faultName({ code, name, name_en }: Pick<FaultType, 'code' | 'name' | 'name_en'>): string {
  return (language() === 'en' ? name_en : undefined) || name || code;
}

/** The name of a fault type, as far as the phone has seen it. */
export function faultText(code: string): string {
  const known = read('fault_types')?.[code];
  return known === undefined ? code : faultName({ code, ...known });
}

/** Makes sure that `faultText` knows the fault of an order, which names its unit. */
export async function learnFaults(
  orders: readonly { fault_type: string; equipment: { code: string } }[],
): Promise<void> {
  const unknown = orders.find(({ fault_type }) => read('fault_types')?.[fault_type] === undefined);
  if (unknown !== undefined) await fetchUnit(unknown.equipment.code).catch(() => undefined);
}
