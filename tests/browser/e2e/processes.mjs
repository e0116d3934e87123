// The real programs behind a test: `paifang serve` on PostgreSQL and Redis, and the WeChat simulator.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../../..');
const program = (name) =>
  resolve(root, process.env.CARGO_TARGET_DIR ?? 'target', process.env.PAIFANG_TEST_PROFILE ?? 'debug', name);

/** As in `scripts/demo`, with which the tests start. */
export const APPID = 'wx00000000000000d0';
export const APP_SECRET = '0123456789abcdef0123456789abcdef';

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run this through scripts/test`);
  return value;
}

export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Stores that no other test uses: a database of its own, and an emptied Redis. */
export function makeStores() {
  const server = required('PAIFANG_TEST_POSTGRES');
  const database = `b${process.pid}${Date.now().toString(36)}`;
  execFileSync('psql', [
    '-q',
    `${server}/postgres`,
    '-c',
    `CREATE DATABASE ${database} TEMPLATE template0 LC_COLLATE 'C'`,
  ]);
  // The other suites count up from 0, one at a time; this one stays out of their way.
  const redis = `${required('PAIFANG_TEST_REDIS')}/15`;
  flush(redis);
  const folder = mkdtempSync(join(tmpdir(), 'paifang-browser-'));
  return {
    database: `${server}/${database}`,
    redis,
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Forgets every session, as a Redis that was restarted empty does. */
export function flush(redis) {
  execFileSync('redis-cli', ['-u', redis, 'FLUSHDB']);
}

export async function startSimulator() {
  const child = spawn(program('wechat-sim'), ['--bind', '127.0.0.1:0', '--app', `${APPID}:${APP_SECRET}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [url] = await new Promise((done, failed) => {
    createInterface(child.stdout).once('line', (line) => done([line]));
    child.once('exit', (code) => failed(new Error(`the simulator ended with ${code}`)));
    child.once('error', failed);
  });
  return { url, stop: () => ended(child, 'SIGTERM') };
}

function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => child.once('exit', done).kill(signal));
}

/** A server that can be stopped and started again at the same address. */
export class Server {
  constructor(stores, simulator, port) {
    this.url = `http://127.0.0.1:${port}`;
    this.environment = {
      ...process.env,
      DATABASE_URL: stores.database,
      REDIS_URL: stores.redis,
      PAIFANG_DATA_DIR: stores.folder,
      PAIFANG_BIND: `127.0.0.1:${port}`,
      PAIFANG_WECHAT_API_BASE: simulator,
      PAIFANG_RATE_LIMITS: 'off',
      RUST_LOG: 'error',
    };
  }

  run(...command) {
    return this.give(undefined, ...command);
  }

  /** The same with something on standard input. */
  give(input, ...command) {
    return execFileSync(program('paifang'), command, { cwd: root, env: this.environment, encoding: 'utf8', input });
  }

  async start() {
    this.child = spawn(program('paifang'), ['serve'], {
      cwd: root,
      env: this.environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (let attempt = 0; attempt < 400; attempt += 1) {
      if (this.child.exitCode !== null) throw new Error('the server did not start');
      const ready = await fetch(`${this.url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return this;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('the server is not ready after 20 seconds');
  }

  stop() {
    return ended(this.child, 'SIGTERM');
  }

  /** As when the machine loses power. */
  kill() {
    return ended(this.child, 'SIGKILL');
  }
}
