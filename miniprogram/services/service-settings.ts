/** How the organization does its service; kept for decisions without network. */
import type { Schemas } from './http';
import { call, current } from './session';
import { read, write } from './storage';
import { day, type UtcOffset } from './time';

/** What the pages of engineers need of the settings. */
export type ServiceSettings = Pick<
  Schemas['OrganizationService'],
  | 'fault_types'
  | 'geofence_meters'
  | 'geofence_blocks'
  | 'check_in_photo'
  | 'signature_required'
  | 'detour_permille'
  | 'utc_offsets'
>;

/** As the phone keeps them. */
export interface KeptSettings extends ServiceSettings {
  organization_id: string;
}

/** What holds until the organization has said otherwise. */
const USUAL: ServiceSettings = {
  fault_types: [],
  geofence_meters: 500,
  geofence_blocks: false,
  check_in_photo: false,
  signature_required: false,
  detour_permille: 1300,
  utc_offsets: [],
};

/** As they were seen last. */
export function knownSettings(): ServiceSettings {
  const kept = read('service_settings');
  return kept !== undefined && kept.organization_id === current()?.organization.id ? kept : USUAL;
}

/** Asks the server; without an answer what is known has to do. */
export async function learnSettings(): Promise<ServiceSettings> {
  try {
    const organization_id = current()?.organization.id ?? '';
    const { fault_types, ...rest } = await call('get', '/api/v1/service-settings', {});
    const { geofence_meters, geofence_blocks, check_in_photo, signature_required, detour_permille, utc_offsets } = rest;
    const asked = { geofence_meters, geofence_blocks, check_in_photo, signature_required };
    write('service_settings', { organization_id, fault_types, ...asked, detour_permille, utc_offsets });
  } catch (error) {
    console.warn('the settings of the service are not known', error);
  }
  return knownSettings();
}

/** The organization's clocks, which a phone elsewhere does not share. */
export function serviceOffsets(): readonly UtcOffset[] {
  const { utc_offsets: known = [] } = knownSettings();
  return known.length > 0 ? known : (current()?.organization.utc_offsets ?? []);
}

/** The day on the organization's calendar. */
export function serviceDay(at: string | number): string {
  return day(at, serviceOffsets());
}

/** The skills that faults call for, each once. */
export function skills(): string[] {
  const named = knownSettings().fault_types.flatMap(({ skill }) => skill ?? []);
  return [...new Set(named)];
}
