/** One typed call to the server: addresses, parameters, bodies and answers come from its OpenAPI document. */
import type { components, paths } from './generated/api';
import { SERVER } from '../config';
import { language } from '../texts/index';
import * as clock from './clock';
import { Failure, type Choice, type WrongField } from './failure';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Path = keyof paths;

type Operation<P extends Path, M extends Method> = paths[P][M];
type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined;
type Answers<O> = O extends { responses: infer R } ? R : never;
type With<R, Status extends number> = R extends { [Key in Status]: infer Content } ? Json<Content> : never;
type Success<R> = With<R, 200> | With<R, 201> | With<R, 204>;
/** What the call answers when it succeeds. */
export type Answer<P extends Path, M extends Method> = Success<Answers<Operation<P, M>>>;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : { body?: undefined };
type Part<O, K extends 'path' | 'query'> = O extends { parameters: { [Key in K]: infer V } }
  ? { [Key in K]: V }
  : object;
type Query<O> = O extends { parameters: { query?: infer V } } ? { query?: V } : object;
/** For one operation at a time: the bodies, paths and queries of all of them in every combination would be too many. */
type Asked<O> = O extends unknown ? Body<O> & Part<O, 'path'> & Query<O> & { timeout?: number } : never;
/** What has to be said besides method and path. */
export type Request<P extends Path, M extends Method> = Asked<Operation<P, M>>;

const TIMEOUT = 10_000;

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  timeout?: number;
}

/** Sends one request. Throws a `Failure` for everything but a success. */
export function send<P extends Path, M extends Method>(
  method: M,
  path: P,
  request: Request<P, M>,
  token?: string,
): Promise<Answer<P, M>> {
  const parts: Parts = request as Parts;
  const header: Record<string, string> = { 'accept-language': language() };
  if (token !== undefined) header['authorization'] = `Bearer ${token}`;
  const sent = Date.now();
  return new Promise((resolve, reject) => {
    wx.request({
      url: SERVER + address(path, parts),
      // WeChat's own types forget PATCH, which the client sends all the same.
      method: method.toUpperCase() as 'GET',
      ...(parts.body !== undefined && { data: parts.body as WechatMiniprogram.IAnyObject }),
      header,
      timeout: parts.timeout ?? TIMEOUT,
      success: ({ statusCode, data, header: answered }) => {
        clock.learn(headerNamed(answered, 'date'), sent, Date.now());
        if (statusCode >= 200 && statusCode < 300) resolve(data as Answer<P, M>);
        else reject(problemIn(statusCode, data));
      },
      fail: ({ errMsg }) => reject(unanswered(errMsg)),
    });
  });
}

function address(path: string, { path: values = {}, query = {} }: Parts): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = asked.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return search === '' ? filled : `${filled}?${search}`;
}

/** Nothing came back. */
export function unanswered(errMsg: string): Failure {
  return new Failure(errMsg.includes('timeout') ? 'timeout' : 'offline');
}

/** The case of header names differs between clients. */
function headerNamed(header: Record<string, string> | undefined, name: string): string | undefined {
  return Object.entries(header ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** What the server says is wrong. */
export function problemIn(status: number, data: unknown): Failure {
  const problem = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  // Something between us and the server (a proxy, a captive portal) knows no codes.
  const code = typeof problem['code'] === 'string' ? problem['code'] : 'internal';
  const list = <T>(name: string): T[] => (Array.isArray(problem[name]) ? (problem[name] as T[]) : []);
  return new Failure(code, status, list<WrongField>('errors'), false, list<Choice>('organizations'), problem);
}
