// TypeScript types of the API, from the OpenAPI document that the contract tests keep.
import { installed } from './modules.mjs';
import { readText } from './project.mjs';

/** A snapshot has its front matter between two `---` lines. */
export function documentIn(snapshot) {
  return JSON.parse(snapshot.replace(/^---\n[\s\S]*?\n---\n/, ''));
}

export async function apiTypes({ modules, openapi }) {
  const { default: generator } = await installed(modules, 'openapi-typescript');
  const nodes = await generator.default(documentIn(readText(openapi)), { alphabetize: true });
  return `// Made by scripts/build-miniprogram from the OpenAPI document.\n${generator.astToString(nodes)}`;
}
