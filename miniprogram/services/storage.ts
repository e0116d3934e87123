/** What the mini program keeps on the phone: every key, its type, and nothing under any other name. */
import type { ReportDraft } from './report-drafts';
import type { SentReport } from './sent-reports';
import type { LocalMedia } from './media-types';
import type { Session } from './session';
import type { MyTicket } from './tickets';
import type { Post } from './posts';
import type { AnsweredScan, Scan } from './scans';
import type { FieldAct } from './field-acts';
import type { FieldNews } from './field-queue';
import type { KeptDays } from './mileage';
import type { OwnOrders } from './own-orders';
import type { KeptSettings } from './service-settings';
import type { VisitDraft } from './visit-drafts';
import type { Unit } from './work-order-types';
import type { Language } from '../texts/index';

interface Stored {
  /** Who is logged in. */
  session: Session;
  /** Where the person was last, or what the mini program was opened for; the next login leads there. */
  organization: { scene: string; name?: string; id?: string };
  /** The attendee's tickets as the server gave them last, for showing them without network. */
  tickets: { items: MyTicket[]; seen_at: number };
  /** Names this phone in check-ins, so that it may undo its own. */
  device_id: string;
  /** 32 random bytes in hexadecimal digits that sign the codes of rotating tickets. Never leaves the phone. */
  device_secret: string;
  /** Where staff scan. */
  post: Post;
  /** Scans that wait for an answer. */
  waiting_scans: Scan[];
  /** What came of those that had waited, newest first. */
  answered_scans: AnsweredScan[];
  /** How far the server's clock is ahead of the phone's, in milliseconds. */
  clock_ahead: number;
  /** The language that was chosen; the phone's own when absent. */
  language: Language;
  /** Photos, videos and signatures that drafts need, or that wait to be sent. */
  local_media: LocalMedia[];
  /** Reports that are being written, and those that wait to be sent. */
  report_drafts: ReportDraft[];
  /** What was reported without login, newest first. */
  sent_reports: SentReport[];
  /** Units as they were seen last, newest first. */
  units: Unit[];
  /** What organizations call their faults: by the organization's id, then by code. */
  fault_types: Record<string, Record<string, { name: string; name_en?: string }>>;
  /** What engineers have done in the field and what waits for an answer, in the order in which it was done. */
  field_acts: FieldAct[];
  /** What the server has noted about acts that it took. */
  field_news: FieldNews[];
  /** The engineer's own open orders as the server gave them last. */
  own_orders: OwnOrders;
  /** Visits that have begun on this phone. */
  visit_drafts: VisitDraft[];
  /** The engineer's last days as the server gave them. */
  mileage_day: KeptDays;
  /** How the organization does its service. */
  service_settings: KeptSettings;
}

export type StoredKey = keyof Stored;

export const STORED_KEYS: readonly StoredKey[] = [
  'session',
  'organization',
  'tickets',
  'device_id',
  'device_secret',
  'post',
  'waiting_scans',
  'answered_scans',
  'clock_ahead',
  'language',
  'local_media',
  'report_drafts',
  'sent_reports',
  'units',
  'fault_types',
  'field_acts',
  'field_news',
  'own_orders',
  'visit_drafts',
  'mileage_day',
  'service_settings',
];

export function read<K extends StoredKey>(key: K): Stored[K] | undefined {
  // WeChat answers an empty string for what is not there.
  const value: Stored[K] | '' = wx.getStorageSync(key);
  return value === '' ? undefined : value;
}

export function write<K extends StoredKey>(key: K, value: Stored[K]): void {
  wx.setStorageSync(key, value);
}

export function forget(...keys: StoredKey[]): void {
  for (const key of keys) wx.removeStorageSync(key);
}
