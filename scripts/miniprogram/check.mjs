// Checks a mini program and prints all that is wrong with it. Usage: node check.mjs [APP]
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfig } from './check-config.mjs';
import { checkSizes, kilobytes, weigh } from './check-sizes.mjs';
import { checkTexts } from './check-texts.mjs';
import { checkWechat } from './check-wechat.mjs';
import { checkWxml } from './check-wxml.mjs';
import { projectAt } from './project.mjs';
import { programOf, typeProblems } from './typescript.mjs';

/** `{ problems, sizes }`; every problem with a file of the app, a line and a message. */
export async function check(project) {
  const code = await programOf(project);
  const sizes = await weigh(project);
  const problems = [
    ...checkConfig(project),
    ...typeProblems(code),
    ...(await checkWxml(project, code)),
    ...checkTexts(project, code),
    ...checkWechat(project),
    ...checkSizes(sizes),
  ];
  problems.sort((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line);
  return { problems, sizes };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const project = projectAt(process.argv[2]);
  const { problems, sizes } = await check(project);
  for (const { file, line, message } of problems) {
    const path = join(project.app, file);
    console.error(`${existsSync(path) ? relative('.', path) : file}:${line}: ${message}`);
  }
  for (const { name, bytes } of sizes) console.log(`${name.padEnd(24)}${kilobytes(bytes).padStart(12)}`);
  if (problems.length) process.exitCode = 1;
}
