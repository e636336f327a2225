import { isIP } from 'node:net';

/** Where metrics are served: a Unix socket, or an address that is this machine's own by default. */
export type MetricsAddress = { path: string } | { host: string; port: number };

/** Bytes of a path in struct sockaddr_un, but for its NUL. Longer ones would be cut off, and bound somewhere else. */
export const LONGEST_SOCKET_PATH = 107;

export function parseAddress(text: string): MetricsAddress {
  if (text.startsWith('unix:') && text.length > 5) {
    const path = text.slice(5);
    const bytes = Buffer.byteLength(path);
    if (bytes > LONGEST_SOCKET_PATH)
      throw new Error(
        `the path of a socket has at most ${LONGEST_SOCKET_PATH} bytes, and '${path}' has ${bytes}\n  hint: use a shorter one, such as unix:/run/NAME/metrics`,
      );
    return { path };
  }
  const [, host, digits] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65535)
    throw new Error(`--metrics takes PORT, HOST:PORT or unix:PATH, not '${text}'`);
  return { host: host?.replace(/^\[|\]$/g, '') || '127.0.0.1', port };
}

/** Whether only this machine reaches it. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/**
 * Whether a request's Host is one of this server. A web page whose name was made to mean 127.0.0.1 could read what is served to this machine
 * only; its requests carry its own name.
 */
export function isOwnHost(header: string | undefined, address: MetricsAddress): boolean {
  if ('path' in address || !isLoopback(address.host)) return true;
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(header ?? '')?.[1]?.replace(/^\[|\]$/g, '');
  if (name === undefined) return false;
  return name.toLowerCase() === 'localhost' || isIP(name) !== 0 || name === address.host;
}
