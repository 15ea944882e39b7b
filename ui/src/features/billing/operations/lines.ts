import type { ConnectionView } from '@/backend';

/** A word of a POSIX shell. */
export const quoted = (text: string): string =>
  /^[\w\-.,:@/+=%]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The line of the terminal that reads the same. */
export function readLine(
  connection: ConnectionView,
  words: string,
  options: ReadonlyArray<[name: string, value: string | true | null]>,
  subject?: string,
): string {
  const line = ['drawbridge-cli', 'profitwell', words, '--connection', quoted(connection.name)];
  for (const [name, value] of options) {
    if (value === true) line.push(name);
    else if (value !== null && value.trim() !== '') line.push(name, quoted(value.trim()));
  }
  if (subject?.trim()) {
    const text = subject.trim();
    if (text.startsWith('-')) line.push('--');
    line.push(quoted(text));
  }
  return line.join(' ');
}

/** The options that say how many lines of a list are wanted. */
export const howManyOptions = (asked: { limit: string; all: boolean }): [string, string | true | null][] =>
  asked.all ? [['--all', true]] : [['--limit', asked.limit]];
