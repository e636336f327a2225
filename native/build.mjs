// `npm run build:native`: builds the addon with cmake-js, or does nothing if it is newer than its
// sources. `--asan` builds one with AddressSanitizer in native/build-asan; `--prebuilt` one for other
// machines, with libbpf.so.1 beside it, in prebuilds/linux-ARCH-glibc.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const kind = ['asan', 'prebuilt'].find((k) => process.argv.includes(`--${k}`));
const out = kind ? `build-${kind}` : 'build';
const addon = join(here, out, 'Release', 'scxts_native.node');
const sources = [
  ...readdirSync(join(here, 'src')).map((f) => join(here, 'src', f)),
  join(here, 'CMakeLists.txt'),
  join(here, 'package.json'),
];

// CMake goes on in the folder that it began in: after a checkout was moved or copied, that is another one.
const cache = join(here, out, 'CMakeCache.txt');
const begun = existsSync(cache)
  ? /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1]
  : undefined;
if (begun !== undefined && begun !== here) rmSync(join(here, out), { recursive: true });

const built = existsSync(addon) ? statSync(addon).mtimeMs : 0;
const isFresh = sources.every((f) => statSync(f).mtimeMs <= built);
if (!isFresh || process.argv.includes('--force')) {
  const cli = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  const args = [cli, 'build', '--directory', here, '--out', join(here, out), '--loglevel', 'warn'];
  if (kind) args.push(`--CDSCXTS_${kind.toUpperCase()}=ON`);
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error || status !== 0) {
    console.error(
      'error: the native addon does not build; it needs g++, cmake, make, pkg-config and libbpf-dev 1.4.2 or later',
    );
    process.exit(1);
  }
}
if (kind === 'prebuilt') {
  const folder = join(here, '..', 'prebuilds', `linux-${process.arch}-glibc`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(addon, join(folder, 'scxts_native.node'));
  const { stdout } = spawnSync('pkg-config', ['--variable=libdir', 'libbpf'], { encoding: 'utf8' });
  copyFileSync(join(stdout.trim(), 'libbpf.so.1'), join(folder, 'libbpf.so.1'));
}
