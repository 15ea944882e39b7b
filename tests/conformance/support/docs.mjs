// The lines of docs/simulator.md that show a client, made ready to run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sandbox } from './org.mjs';

/** The first block in that language of the section on other clients, with the port and token of the sandbox. */
export function block(language) {
  const text = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');
  const section = text.split('## Point another client at it')[1] ?? '';
  const code = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(section)?.[1];
  assert.ok(code, `docs/simulator.md has no ${language} block`);
  // Whole words only: SF_ACCESS_TOKEN is a name.
  const values = { PORT: new URL(sandbox.url).port, TOKEN: sandbox.token };
  return code.replace(/\b(PORT|TOKEN)\b/g, (word) => values[word]);
}

/** Fails unless the output names the three Accounts that every block asks for. */
export async function assertNamesAccounts(output) {
  const rows = await sandbox.rows('SELECT Id, Name FROM Account ORDER BY Id LIMIT 3');
  assert.equal(rows.length, 3);
  for (const { Id, Name } of rows)
    assert.ok(output.includes(Id) && output.includes(Name), `${Id} ${Name} in ${output}`);
}
