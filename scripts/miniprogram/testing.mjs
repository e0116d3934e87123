// Apps for the tests: copies of the fixture with some files replaced.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectAt } from './project.mjs';

const fixture = join(dirname(fileURLToPath(import.meta.url)), 'fixture');

/** The server's names that the fixture has texts for, as the core's sources write them. */
const rust = {
  'problem.rs': 'problem_codes! {\n    NotFound = "not_found", 404, "There is nothing here.";\n}\n',
  'ticket/reason.rs':
    'impl Reason {\n    pub const fn as_str(self) -> &str {\n        match self {\n            Self::Invalid => "invalid",\n        }\n    }\n}\n',
};

/**
 * A project in a temporary folder, which goes when the test `t` ends. `changes` maps a path to a new text, or to a
 * function from the old one.
 */
export function makeApp(t, changes = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'paifang-app-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const app = join(folder, 'app');
  const project = { ...projectAt(app), rust: join(folder, 'rust') };
  cpSync(fixture, app, { recursive: true });
  symlinkSync(project.modules, join(app, 'node_modules'));
  for (const [path, text] of Object.entries(rust)) write(join(project.rust, path), text);
  for (const [path, change] of Object.entries(changes)) {
    const target = join(app, path);
    write(target, typeof change === 'function' ? change(readFileSync(target, 'utf8')) : change);
  }
  return project;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Problems as one line each. */
export const lines = (problems) => problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
