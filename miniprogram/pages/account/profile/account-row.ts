import type { Profile } from '../../../services/account';
import { texts } from '../../../texts/index';

/** A WeChat account in which the person is known. */
export interface AccountRow {
  appid: string;
  name: string;
  /** Its kind and what the business says of it. */
  about: string;
  /** Whether the person follows it; empty where nothing is known. */
  following: string;
}

export function accountRow(identity: Profile['identities'][number]): AccountRow {
  const t = texts().profile;
  const { appid, kind, display_name, description, subscription_status } = identity;
  const kinds: Record<string, string> = { mini_program: t.mini_program, official_account: t.official_account };
  const following: Record<string, string> = { subscribed: t.subscribed, unsubscribed: t.unsubscribed };
  const sort = kinds[kind ?? ''];
  // Accounts without a name of their own are called by their AppID, which says nothing to people.
  const named = display_name != null && display_name !== appid;
  return {
    appid,
    name: named ? display_name : (sort ?? appid),
    about: [named ? sort : appid, description].filter(Boolean).join(' · '),
    following: following[subscription_status ?? ''] ?? '',
  };
}
