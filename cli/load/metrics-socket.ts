import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, lstatSync, statSync, unlinkSync, type Stats } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { LONGEST_SOCKET_PATH } from './metrics-address.js';

/** Whether a process serves the socket still; of one that was killed the file is left. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    const end = (served: boolean): void => {
      connection.destroy();
      resolve(served);
    };
    connection.setTimeout(1000, () => end(true));
    connection.once('connect', () => end(true));
    // One whose queue is full is served as well.
    connection.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

const sameFile = (a: Stats | undefined, b: Stats | undefined): boolean =>
  a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
const look = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** Removes a socket that nobody serves; an error for one that somebody does, and for what is no socket. */
async function makeRoom(path: string): Promise<void> {
  const there = look(path);
  if (!there) return;
  if (!there.isSocket())
    throw new Error(
      `cannot serve metrics: ${path} is there already, and no socket\n  hint: name another path`,
    );
  if (await isServed(path))
    throw new Error(
      `cannot serve metrics: another process serves ${path}\n  hint: end it (scxts stop), or name another path`,
    );
  if (sameFile(there, look(path))) unlinkSync(path);
}

/**
 * Listens on a Unix socket that only its owner may use, from the moment on that it is there. It comes to its name by link(2), which takes nothing away
 * from anybody: of two that start at once one has it. Gives what removes it, if it is this one still.
 */
export async function listenOn(server: Server, path: string): Promise<() => void> {
  const pending = join(dirname(path), `.${randomBytes(4).toString('hex')}`);
  if (Buffer.byteLength(pending) > LONGEST_SOCKET_PATH)
    throw new Error(
      `cannot serve metrics: the folder of ${path} has too long a name\n  hint: the path of a socket has at most ${LONGEST_SOCKET_PATH} bytes`,
    );
  // Of a folder that is not there bind() says ENOENT, and Node.js EACCES.
  statSync(dirname(path));
  await makeRoom(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: pending }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  try {
    chmodSync(pending, 0o600);
    linkSync(pending, path);
  } catch (error) {
    server.close();
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(
      `cannot serve metrics: another process has taken ${path} meanwhile\n  hint: name another path`,
      { cause: error },
    );
  }
  const own = look(pending);
  unlinkSync(pending);
  return () => {
    if (sameFile(own, look(path))) unlinkSync(path);
  };
}
