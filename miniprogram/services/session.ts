/** Who is logged in. A lost session leads to a silent new login; only logging out ends it for the person. */
import { asFailure, Failure } from './failure';
import { type Answer, type Method, type Path, type Request, type Schemas, send } from './http';
import { forget, read, write, type StoredKey } from './storage';

type Role = Schemas['Role'];

interface SessionOrganization {
  id: string;
  name: string;
  /** Of its clocks; absent in what older versions have kept. */
  utc_offsets?: Schemas['UtcOffset'][];
}

export interface Session {
  access_token: string;
  person_id: string;
  roles: Role[];
  organization: SessionOrganization;
  /** Leads back to the organization. */
  scene: string;
  /** What the business knows of the person, as it was seen last; the phone number is masked. */
  known?: { name?: string; phone?: string; userid?: string };
}

/** Proves which account of the business is the person's: a code that was sent to them, or a signed link. */
export type Binding = { userid: string; code: string } | { token: string };

/** What a login brings beside the WeChat user. */
export interface Entry {
  /** The organization; the last one when absent. */
  scene?: string;
  /** Also says to which organization. */
  invitation_code?: string;
  binding?: Binding;
}

/** What belongs to the organization, and does not follow into another one. */
const OF_ORGANIZATION: readonly StoredKey[] = [
  'post',
  'tickets',
  'answered_scans',
  'units',
  'own_orders',
  'mileage_day',
  'service_settings',
];

export function current(): Session | undefined {
  return read('session');
}

const INCLUDED: Partial<Record<Role, readonly Role[]>> = {
  staff: ['staff', 'supervisor', 'admin'],
  supervisor: ['supervisor', 'admin'],
  engineer: ['engineer', 'dispatcher', 'admin'],
  dispatcher: ['dispatcher', 'admin'],
};

/** Whether the person may do what the role may; some roles include others. */
export function may(role: 'staff' | 'supervisor' | 'engineer' | 'dispatcher'): boolean {
  const roles = current()?.roles ?? [];
  return roles.some((held) => INCLUDED[role]?.includes(held));
}

/** Whether the person is a guest or a member, and has no work to do here. */
export function isCustomer(): boolean {
  return (current()?.roles ?? []).every((held) => held === 'guest' || held === 'member');
}

/** One login at a time: several calls may find at once that the session is lost, and then share a silent one. */
let entering: { done: Promise<Session>; silent: boolean } | undefined;
/** Raised when the person logs out, so that nothing that is still on its way logs in again. */
let logouts = 0;

/** A queue of people does not wait longer than this for WeChat. */
const LOGIN_TIMEOUT = 5_000;

/** Logs in with WeChat. When it fails, whoever was logged in before still is. */
export function logIn(entry: Entry = {}): Promise<Session> {
  return begin(entry, false);
}

function begin(entry: Entry, silent: boolean): Promise<Session> {
  const before: Promise<unknown> = entering?.done ?? Promise.resolve();
  const done = before
    .catch(() => undefined)
    .then(() => enter(entry, silent))
    .finally(() => {
      if (entering?.done === done) entering = undefined;
    });
  entering = { done, silent };
  return done;
}

/** Waits for a login that is under way. A silent one that fails has failed for all who need it. */
async function settled(): Promise<void> {
  if (entering === undefined) return;
  const { done, silent } = entering;
  await done.catch((error: unknown) => {
    if (silent) throw asFailure(error).duringLogin();
  });
}

/** Logs in again to where the person was, whatever the mini program was opened with since. */
async function logInAgain(lost: Session): Promise<Session> {
  while (entering !== undefined) await settled();
  const now = current();
  if (now === undefined) throw elsewhere();
  if (now.access_token !== lost.access_token) return now;
  return begin({ scene: lost.scene }, true).catch((error: unknown) => {
    const failure = asFailure(error);
    // The organization lets no guests in, and the person is nothing else there any more.
    if (failure.code === 'guests_not_allowed') forget('session', ...OF_ORGANIZATION);
    throw failure.duringLogin();
  });
}

/** `silent`: as the WeChat user of before, who may be known as another person since two accounts became one. */
async function enter({ scene, invitation_code, binding }: Entry, silent: boolean): Promise<Session> {
  const began = logouts;
  // A login code is used once and never sent again, so nothing here is repeated by itself.
  const { code } = await wx.login({ timeout: LOGIN_TIMEOUT }).catch(() => {
    throw new Failure('offline');
  });
  const { appId: appid } = wx.getAccountInfoSync().miniProgram;
  // An invitation and a link lead to their organization by themselves.
  const leads = invitation_code !== undefined || (binding !== undefined && 'token' in binding);
  const to = scene ?? (leads ? undefined : read('organization')?.scene);
  const body: Schemas['NewSession'] = { appid, code, scene: to, invitation_code, binding };
  const answer = await send('post', '/api/v1/sessions', { body }).catch((error: unknown) => {
    const nowhere =
      to === undefined && invitation_code !== undefined && asFailure(error).code === 'organization_required';
    throw nowhere ? new Failure('invitation_invalid', 409) : error;
  });
  if (began !== logouts) throw new Failure('unauthenticated', 401);
  const { id, name, utc_offsets } = answer.organization;
  const before = current();
  const moved = before?.organization.id !== id;
  if (moved) forget(...OF_ORGANIZATION);
  else if (silent) carryOver(before, answer.person.id);
  const session: Session = {
    access_token: answer.access_token,
    person_id: answer.person.id,
    roles: answer.person.roles,
    organization: { id, name, utc_offsets },
    scene: answer.organization.scene,
    ...(!moved && before?.known !== undefined && { known: before.known }),
  };
  write('session', session);
  write('organization', { scene: session.scene, name, id });
  if (moved && before !== undefined) void endSession(before);
  return session;
}

async function endSession(session: Session): Promise<void> {
  await send('delete', '/api/v1/sessions/current', {}, session.access_token).catch(() => undefined);
}

/** Ends the session here and on the server. The phone forgets the person even when the server is out of reach. */
export async function logOut(): Promise<void> {
  const session = current();
  logouts += 1;
  forget('session', ...OF_ORGANIZATION);
  if (session !== undefined) await endSession(session);
}

/**
 * A call as the person who is logged in, to the organization that is named or else the present one. Where that has
 * changed before the answer is there, the call fails as one that was not judged: nothing goes to another organization,
 * and no answer is taken for another's.
 */
export function call<P extends Path, M extends Method>(
  method: M,
  path: P,
  request: Request<P, M>,
  organization_id = current()?.organization.id,
): Promise<Answer<P, M>> {
  // What the caller says was checked there; here every path would be looked at once more.
  const sending = send as unknown as (m: Method, p: Path, r: unknown, token: string) => Promise<Answer<P, M>>;
  return authorized((token) => sending(method, path, request, token), organization_id);
}

/**
 * The same for what anybody may ask: as the person who is logged in to the organization, or else as a stranger. Without
 * an organization, as whoever is logged in anywhere.
 */
export async function openly<T>(
  ask: (token: string | undefined) => Promise<T>,
  organization_id = current()?.organization.id,
): Promise<T> {
  const session = current();
  if (session === undefined || session.organization.id !== organization_id) return ask(undefined);
  try {
    return await authorized(ask, organization_id);
  } catch (error) {
    // The organization does not know the person any more.
    if (error instanceof Failure && error.login && current() === undefined) return ask(undefined);
    throw error;
  }
}

/** Something that is asked with the session's token, renewed where the server has lost it. */
export async function authorized<T>(
  ask: (token: string) => Promise<T>,
  organization_id = current()?.organization.id,
): Promise<T> {
  const isHere = (): boolean => {
    const now = current();
    return now !== undefined && now.organization.id === organization_id;
  };
  const attempt = async (token: string): Promise<T> => {
    if (!isHere()) throw elsewhere();
    const answer = await ask(token);
    if (!isHere()) throw elsewhere();
    return answer;
  };
  if (current() !== undefined) await settled();
  const session = current();
  if (session === undefined) throw elsewhere();
  const { access_token } = session;
  try {
    return await attempt(access_token);
  } catch (error) {
    const known = current();
    const lost = error instanceof Failure && error.code === 'unauthenticated' && !error.login;
    if (!lost || known === undefined) throw error;
    if (!isHere()) throw elsewhere();
    // Another call may have logged in again meanwhile.
    const renewed = known.access_token === access_token ? await logInAgain(known) : known;
    return attempt(renewed.access_token);
  }
}

const elsewhere = (): Failure => new Failure('unauthenticated', 401, [], true);

/** Takes a role by an invitation code, and learns what the person may do now. */
export async function acceptInvitation(code: string): Promise<void> {
  await call('post', '/api/v1/me/invitations', { body: { code } });
  await refreshMe();
}

/** Who the person is now: roles are given and withdrawn elsewhere too, and two accounts may turn out to be one person. */
export async function refreshMe(): Promise<void> {
  const { id, roles, name, phone, userid } = await call('get', '/api/v1/me', {});
  const session = current();
  if (session === undefined) return;
  carryOver(session, id);
  const known = { ...(name && { name }), ...(phone && { phone }), ...(userid && { userid }) };
  write('session', { ...session, person_id: id, roles, known });
}

const DONE_IN_FIELD = ['field_acts', 'field_news', 'visit_drafts'] as const;

/** Tickets stay with the person, who may be another one now; what was done in the field was done by the same human. */
function carryOver(before: Session, person_id: string): void {
  if (person_id === before.person_id) return;
  forget('tickets', 'own_orders', 'mileage_day');
  for (const key of DONE_IN_FIELD) followTo(key, before, person_id);
}

/** Two accounts have turned out to be one person: what this phone keeps of the one is the other's now. */
function followTo<K extends (typeof DONE_IN_FIELD)[number]>(key: K, before: Session, person_id: string): void {
  const kept: readonly { organization_id: string; person_id: string }[] = read(key) ?? [];
  const own = (one: (typeof kept)[number]): boolean =>
    one.organization_id === before.organization.id && one.person_id === before.person_id;
  if (!kept.some(own)) return;
  write(key, kept.map((one) => (own(one) ? { ...one, person_id } : one)) as never);
}
