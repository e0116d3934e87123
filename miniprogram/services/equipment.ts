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
  noteFaultTypes(unit.organization.id, unit.fault_types);
  return unit;
}

/** Registers a unit as the person's own, by its serial number or the code on it; again with a position. */
export function registerUnit(body: Schemas['NewRegistration']): Promise<Registration> {
  return call('post', '/api/v1/me/equipment', { body });
}

export function fetchMyUnits(cursor?: string): Promise<Schemas['Page_Registration']> {
  return call('get', '/api/v1/me/equipment', { query: { cursor } });
}

/** When the names of an organization were seen last in this run: they may be changed at any time. */
const learned = new Map<string, number>();
const FRESH = 60 * 60_000;

/** Faults are named by the organization; an order knows only their codes. Those that are no more stay known. */
function noteFaultTypes(organization_id: string, types: readonly FaultType[]): void {
  const known = read('fault_types') ?? {};
  const seen = Object.fromEntries(
    types.map(({ code, name, name_en }) => [code, { name, ...(name_en && { name_en }) }]),
  );
  learned.set(organization_id, Date.now());
  try {
    write('fault_types', { ...known, [organization_id]: { ...known[organization_id], ...seen } });
  } catch (error) {
    console.warn('the phone cannot keep the names of faults', error);
  }
}

/** A fault type in the language of the person, where it has a name in it. */
export function faultName({ code, name, name_en }: Pick<FaultType, 'code' | 'name' | 'name_en'>): string {
  return (language() === 'en' ? name_en : undefined) || name || code;
}

/** Whose unit it is, as far as the phone has seen it. */
const organizationOf = (unit: string | undefined): string | undefined =>
  unit === undefined ? undefined : seenUnit(unit)?.organization.id;

/**
 * The name of a fault type, as far as the phone has seen it. `unit`: the code of a unit that may belong elsewhere than
 * where the person is logged in.
 */
export function faultText(code: string, unit?: string): string {
  const organization_id = organizationOf(unit) ?? current()?.organization.id ?? '';
  const known = read('fault_types')?.[organization_id]?.[code];
  return known === undefined ? code : faultName({ code, ...known });
}

/**
 * Makes sure that `faultText` knows the faults of orders of one organization, which name their units, as they are called
 * now. `anywhere`: it need not be the one where the person is logged in.
 */
export async function learnFaults(
  orders: readonly { fault_type: string; equipment: { code: string } }[],
  anywhere = false,
): Promise<void> {
  const here = anywhere ? undefined : current()?.organization.id;
  const unknown = orders.find(({ fault_type, equipment: { code } }) => {
    const organization_id = here ?? organizationOf(code);
    if (organization_id === undefined) return true;
    const fresh = Date.now() - (learned.get(organization_id) ?? 0) < FRESH;
    return !fresh || read('fault_types')?.[organization_id]?.[fault_type] === undefined;
  });
  if (unknown !== undefined) await fetchUnit(unknown.equipment.code).catch(() => undefined);
}
