/** Units that are served: what anybody sees who scans one, and those that the person has registered. */
import { language } from '../texts/index';
import { Failure } from './failure';
import { send, type Schemas } from './http';
import { call, current, openly } from './session';
import { read, write } from './storage';
import type { FaultType, Registration, Unit } from './work-order-types';

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
  const look = (token?: string) => send('get', '/api/v1/equipment/{id}', { path: { id: code } }, token);
  const unit = (await openly(look).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'not_found' || current() === undefined) throw error;
    return look();
  })) as Unit;
  noteUnit(unit);
  noteFaultTypes(unit.fault_types);
  return unit;
}

/** Registers a unit as the person's own, by its serial number or the code on it; again with a position. */
export function registerUnit(body: Schemas['NewRegistration']): Promise<Registration> {
  return call('post', '/api/v1/me/equipment', { body });
}

export function fetchMyUnits(cursor?: string): Promise<Schemas['Page_Registration']> {
  return call('get', '/api/v1/me/equipment', { query: { cursor } });
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
