/** Who is logged in. A lost session leads to a silent new login; only logging out ends it for the person. */
import { Failure } from './failure';
import { type Answer, type Method, type Path, type Request, type Schemas, send } from './http';
import { forget, read, write } from './storage';

export type Role = Schemas['Role'];

export interface Session {
  access_token: string;
  person_id: string;
  roles: Role[];
  organization: { id: string; name: string };
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

/** Logs in with WeChat. */
export function logIn(): Promise<Session> {
  entering ??= enter().finally(() => {
    entering = undefined;
  });
  return entering;
}

async function enter(): Promise<Session> {
  // A login code is used once and never sent again, so nothing here is repeated by itself.
  const { code } = await wx.login().catch(() => {
    throw new Failure('offline');
  });
  const { scene } = wx.getEnterOptionsSync().query as { scene?: string };
  const answer = await send('post', '/api/v1/sessions', {
    body: {
      appid: wx.getAccountInfoSync().miniProgram.appId,
      code,
      ...(scene !== undefined && { scene: decodeURIComponent(scene) }),
    },
  });
  const session: Session = {
    access_token: answer.access_token,
    person_id: answer.person.id,
    roles: answer.person.roles,
    organization: { id: answer.organization.id, name: answer.organization.name },
  };
  write('session', session);
  return session;
}

/** Ends the session here and on the server. The phone forgets the person even when the server is out of reach. */
export async function logOut(): Promise<void> {
  const session = current();
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
  if (session === undefined) throw new Failure('unauthenticated', 401);
  const token = entering === undefined ? session.access_token : (await entering).access_token;
  try {
    return await send(method, path, request, token);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'unauthenticated') throw error;
    // Another call may have logged in again meanwhile.
    const known = current();
    const renewed = known !== undefined && known.access_token !== token ? known : await logIn();
    return send(method, path, request, renewed.access_token);
  }
}

/** Takes a role by an invitation code, and learns what the person may do now. */
export async function acceptInvitation(code: string): Promise<Role> {
  const { role } = await call('post', '/api/v1/me/invitations', { body: { code } });
  await refreshRoles();
  return role;
}

/** Roles are given and withdrawn elsewhere too. */
export async function refreshRoles(): Promise<void> {
  const { roles } = await call('get', '/api/v1/me', {});
  const session = current();
  if (session !== undefined) write('session', { ...session, roles });
}
