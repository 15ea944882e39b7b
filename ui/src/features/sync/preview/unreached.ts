import type { ConnectionView, SyncView } from '@/backend';
import { environmentWord } from '../shared/words';

/** The hosts a connection is spoken to at. */
function hostsOf(one: ConnectionView): Array<string> {
  const addresses = [one.base_url, one.org?.instance_url ?? ''].map((url) => url.replace(/^https?:\/\//, ''));
  return [one.host, one.org?.domain ?? '', ...addresses]
    .map((host) => host.split('/')[0] ?? '')
    .filter((host) => host !== '');
}

/**
 * The side that an error says cannot be reached, by the name people gave it: the error itself knows a host only.
 * `null` where it tells of something else, or names neither side.
 */
export function unreachedSide(
  message: string,
  sync: SyncView,
  connections: ReadonlyArray<ConnectionView>,
): string | null {
  if (!/cannot be reached/.test(message)) {
    return null;
  }
  const sides = [
    { id: sync.org, name: `${sync.org_name} (${environmentWord(sync.environment)})` },
    { id: sync.source, name: sync.source_name },
  ];
  // Two hosts may begin alike, with ports that differ: the longest that stands in the message is meant.
  const named = sides.flatMap(({ id, name }) => {
    const connection = connections.find((one) => one.id === id);
    const found = connection ? hostsOf(connection).filter((host) => message.includes(host)) : [];
    return found.length > 0 ? [{ name, length: Math.max(...found.map((host) => host.length)) }] : [];
  });
  const [first, second] = named.sort((one, other) => other.length - one.length);
  return first && first.length !== second?.length ? first.name : null;
}

/** A message that says of itself that nothing was written, once. */
export function andNothingWritten(message: string): string {
  return /nothing (was|has been) written/i.test(message)
    ? message
    : `${message.replace(/\.?$/, '.')} Nothing was written.`;
}
