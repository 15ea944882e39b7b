/** Where a text is not JSON, for a person; `null` for JSON and for nothing at all. */
export function problemOf(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(said)?.[1];
    if (at === undefined) return said;
    const before = text.slice(0, Number(at)).split('\n');
    return `Not JSON from line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} on`;
  }
}

/** JSON with line breaks and indents. Token by token: a number keeps every digit it has. */
export function formatJson(text: string): string {
  if (problemOf(text) !== null) return text;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, at) => {
    const next = tokens[at + 1];
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth += 1;
      out += empty ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const before = tokens[at - 1];
      out += before === '{' || before === '[' ? token : line() + token;
    } else if (token === ',') {
      out += `,${line()}`;
    } else if (token === ':') {
      out += ': ';
    } else {
      out += token;
    }
  });
  return out;
}
