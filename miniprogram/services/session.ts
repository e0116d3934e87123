/** Who is logged in. A lost session leads to a silent new login; only logging out ends it for the person. */
import { asFailure, Failure } from './failure';
import { type Answer, type Method, type Path, type Request, type Schemas, send } from './http';
import { forget, read, write } from './storage';

type Role = Schemas['Role'];

export interface Session {
  access_token: string;
  person_id: string;
  roles: Role[];
  organization: { id: string; name: string };
  /** Leads back to the organization. */
  scene: string;
}

export function current(): Session | undefined {
  return read('session');
}

const INCLUDED: Partial<Record<Role, readonly Role[]>> = {
  staff: ['staff', 'supervisor', 'admin'],
  supervisor: ['supervisor', 'admin'],
};

/** Whether the person may do what the role may; some roles include others. */
export function may(role: 'staff' | 'supervisor'): boolean {
  const roles = current()?.roles ?? [];
  return roles.some((held) => INCLUDED[role]?.includes(held));
}

/** One login at a time: several calls may find at once that the session is lost. */
let entering: Promise<Session> | undefined;
/** Raised when the person logs out, so that nothing that is still on its way logs in again. */
let logouts = 0;

/** A queue of people does not wait longer than this for WeChat. */
const LOGIN_TIMEOUT = 5_000;

/** Logs in with WeChat, to the organization whose QR code the mini program was opened with. */
export function logIn(invitation_code?: string): Promise<Session> {
  const { scene } = wx.getEnterOptionsSync().query as { scene?: string };
  return enterOnce(scene === undefined ? current()?.scene : decodeURIComponent(scene), invitation_code);
}

/** Logs in again to where the person was, whatever the mini program was opened with since. */
function logInAgain(session: Session): Promise<Session> {
  return enterOnce(session.scene).catch((error: unknown) => {
    throw asFailure(error).duringLogin();
  });
}

function enterOnce(scene: string | undefined, invitation_code?: string): Promise<Session> {
  entering ??= enter(scene, invitation_code).finally(() => {
    entering = undefined;
  });
  return entering;
}

async function enter(scene: string | undefined, invitation_code: string | undefined): Promise<Session> {
  const began = logouts;
  // A login code is used once and never sent again, so nothing here is repeated by itself.
  const { code } = await wx.login({ timeout: LOGIN_TIMEOUT }).catch(() => {
    throw new Failure('offline');
  });
  const answer = await send('post', '/api/v1/sessions', {
    body: { appid: wx.getAccountInfoSync().miniProgram.appId, code, scene, invitation_code },
  });
  if (began !== logouts) throw new Failure('unauthenticated', 401);
  const session: Session = {
    access_token: answer.access_token,
    person_id: answer.person.id,
    roles: answer.person.roles,
    organization: { id: answer.organization.id, name: answer.organization.name },
    scene: answer.organization.scene,
  };
  // A post belongs to the organization; so do the tickets that were seen.
  if (current()?.organization.id !== session.organization.id) forget('post', 'tickets', 'answered_scans');
  write('session', session);
  return session;
}

/** Ends the session here and on the server. The phone forgets the person even when the server is out of reach. */
export async function logOut(): Promise<void> {
  const session = current();
  logouts += 1;
  forget('session', 'tickets', 'post', 'answered_scans');
  if (session === undefined) return;
  await send('delete', '/api/v1/sessions/current', {}, session.access_token).catch(() => undefined);
}

/** A call as the person who is logged in. */
export async function call<P extends Path, M extends Method>(
  method: M,
  path: P,
  request: Request<P, M>,
): Promise<Answer<P, M>> {
  const session = current();
  if (session === undefined) throw new Failure('unauthenticated', 401, [], true);
  const { access_token } = entering === undefined ? session : await logInAgain(session);
  try {
    return await send(method, path, request, access_token);
  } catch (error) {
    const known = current();
    const lost = error instanceof Failure && error.code === 'unauthenticated';
    if (!lost || known === undefined) throw error;
    // Another call may have logged in again meanwhile.
    const renewed = known.access_token === access_token ? await logInAgain(known) : known;
    return send(method, path, request, renewed.access_token);
  }
}

/** Takes a role by an invitation code, and learns what the person may do now. */
export async function acceptInvitation(code: string): Promise<void> {
  await call('post', '/api/v1/me/invitations', { body: { code } });
  await refreshRoles();
}

/** Roles are given and withdrawn elsewhere too. */
export async function refreshRoles(): Promise<void> {
  const { roles } = await call('get', '/api/v1/me', {});
  const session = current();
  if (session !== undefined) write('session', { ...session, roles });
}
