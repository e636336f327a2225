/** What the system refuses, and what can be done about it, by the code of the error. */
const REFUSALS: Record<string, readonly [what: string, remedy: string]> = {
  EACCES: ['no permission', 'do it as a user who has it, or name another place'],
  EPERM: ['not permitted', 'do it as a user who may, or name another place'],
  EROFS: ['the file system is read-only', 'name a place that can be written'],
  ENOSPC: ['no space is left on the device', 'make room there, or name another place'],
  EDQUOT: ['the quota is used up', 'make room there, or name another place'],
  ENOENT: ['there is no such file or folder', 'look at how it is spelled'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'name a folder'],
  EISDIR: ['it is a folder', 'name a file, or move the folder away'],
  ELOOP: ['its symbolic links go in circles', 'mend the links'],
  ENAMETOOLONG: ['the name is too long', 'use a shorter one'],
  EMFILE: [
    'this process has too many files open',
    'allow it more: ulimit -n, or LimitNOFILE= of a unit',
  ],
  ENFILE: ['all processes together have too many files open', 'raise fs.file-max'],
  ENOMEM: ['out of memory', 'end what is not needed'],
  EIO: ['the device failed', 'look at the log of the kernel (dmesg)'],
  EBUSY: ['it is in use', 'end what uses it'],
  EEXIST: ['it is there already', 'name another place, or move it away'],
  ETXTBSY: ['it is a program that runs', 'end the program'],
};

/** What was tried, by the name of the system call. */
const TRIED: Record<string, string> = {
  open: 'open',
  read: 'read',
  write: 'write',
  mkdir: 'make the folder',
  mkdtemp: 'write in the folder of',
  rename: 'replace',
  copyfile: 'replace',
  scandir: 'list the folder',
  stat: 'look at',
  lstat: 'look at',
  unlink: 'remove',
  rmdir: 'remove',
  symlink: 'make the link',
  chmod: 'change the rights of',
  spawn: 'start',
};

export interface SystemRefusal {
  message: string;
  hint: string;
}

/** An error of a system call in words, with a remedy; undefined for what is none. */
export function systemRefusal(error: unknown): SystemRefusal | undefined {
  const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === undefined || syscall === undefined) return undefined;
  if (syscall === 'uv_cwd')
    return {
      message: 'the working directory is gone',
      hint: 'somebody removed or renamed it: cd to a folder that is there',
    };
  const [call] = syscall.split(' ');
  const [what, remedy] = REFUSALS[code] ?? [code, 'see errno(3)'];
  // A pending name of our own says nothing to anybody: what it was to become does.
  const place = (call === 'rename' ? dest : path)?.replace(/\.?[^/]*XXXXXX$/, '');
  return {
    message: `cannot ${TRIED[call!] ?? `${call} on`}${place ? ` ${place}` : ''}: ${what}`,
    hint: remedy,
  };
}
