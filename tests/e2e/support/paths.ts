import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A path in the project, from its root. */
export const inProject = (path: string) => ROOT + path;

/** Where screenshots of a test run go; ignored by git. */
export function outFolder(): string {
  const folder = inProject('tests/e2e/out');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A program that cargo built. */
export function built(name: string): string {
  const path = inProject(`target/debug/${name}`);
  if (!existsSync(path)) throw new Error(`${path} is not there. Build it first; \`make test\` does.`);
  return path;
}

/** The folder of the built page; `DRAWBRIDGE_PAGE` names another. */
export const pageFolder = () => process.env.DRAWBRIDGE_PAGE ?? inProject('ui/dist');
