/** The phone number that WeChat confirms, with `<button open-type="getPhoneNumber">`. */
import { Failure } from './failure';
import { call, logIn, refreshMe } from './session';

/** What the button hands over. Clients before base library 2.21.2 have no `code`. */
export interface PhoneAnswer {
  errMsg: string;
  errno?: number;
  code?: string | undefined;
  encryptedData?: string;
  iv?: string;
}

/** Why there is no number: the person refused, or the business has used up what it paid WeChat for. */
export type NoPhone = 'refused' | 'no_quota' | 'failed';

const NO_QUOTA = 1_400_001;

/** Undefined when WeChat confirmed a number. */
export function whyNoPhone({ errMsg, errno }: PhoneAnswer): NoPhone | undefined {
  if (errMsg.endsWith(':ok')) return undefined;
  if (errno === NO_QUOTA) return 'no_quota';
  return /deny|cancel|privacy/.test(errMsg) ? 'refused' : 'failed';
}

/** Binds the confirmed number to the person. */
export async function bindPhone({ code, encryptedData, iv }: PhoneAnswer): Promise<void> {
  if (code !== undefined) await call('post', '/api/v1/me/phone', { body: { code } });
  else await openNumber(encryptedData, iv);
  await refreshMe().catch(() => undefined);
}

/** Binds the confirmed number, and answers it: tickets are found by the whole of it. */
export async function confirmNumber({ code, encryptedData, iv }: PhoneAnswer): Promise<string> {
  if (code !== undefined) await call('post', '/api/v1/me/phone', { body: { code } });
  return openNumber(encryptedData, iv);
}

/** Lets the server open what WeChat encrypted, which binds it as well. */
async function openNumber(encrypted_data: string | undefined, iv: string | undefined): Promise<string> {
  if (encrypted_data === undefined || iv === undefined) throw new Failure('wechat_failed', 502);
  const opened = await call('post', '/api/v1/decrypt', { body: { encrypted_data, iv } }).catch(
    async (error: unknown) => {
      // It was encrypted under a key that the server no longer has; with a new login the next try succeeds.
      if (error instanceof Failure && error.code === 'session_key_stale') await logIn();
      throw error;
    },
  );
  const { purePhoneNumber, countryCode } = opened.data as { purePhoneNumber?: string; countryCode?: string };
  if (purePhoneNumber === undefined) throw new Failure('wechat_failed', 502);
  return `+${countryCode ?? '86'}${purePhoneNumber}`;
}
