/** What is wrong with a connection's name; `null` when nothing is. */
export function checkName(name: string, taken: string[]): string | null {
  const wanted = name.trim().toLowerCase();
  if (!wanted) return 'Give the connection a name.';
  if (taken.some((one) => one.toLowerCase() === wanted)) return 'Another connection has this name.';
  return null;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** What is wrong with an address that may be empty: plain http is for this machine only. */
export function checkUrl(text: string): string | null {
  const wanted = text.trim();
  if (!wanted) return null;
  let url: URL;
  try {
    url = new URL(wanted);
  } catch {
    return 'Write the whole address, starting with https://.';
  }
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && LOOPBACK.includes(url.hostname)) return null;
  return url.protocol === 'http:'
    ? 'Use https: plain http is only for this machine.'
    : 'Start the address with https://.';
}

/** A login address as people paste it: a bare My Domain gets its https. */
export function loginUrl(text: string): string | null {
  const wanted = text.trim();
  if (!wanted) return null;
  return /^[a-z]+:\/\//i.test(wanted) ? wanted : `https://${wanted}`;
}
