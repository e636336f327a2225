// `npm run build:native`: builds the addon with cmake-js, or does nothing if it is newer than its
// sources. `--asan` builds one with AddressSanitizer beside it, in native/build-asan.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const asan = process.argv.includes('--asan');
const out = asan ? 'build-asan' : 'build';
const addon = join(here, out, 'Release', 'scxts_native.node');
const sources = [
  ...readdirSync(join(here, 'src')).map((f) => join(here, 'src', f)),
  join(here, 'CMakeLists.txt'),
  join(here, 'package.json'),
];

const built = existsSync(addon) ? statSync(addon).mtimeMs : 0;
if (sources.every((f) => statSync(f).mtimeMs <= built) && !process.argv.includes('--force')) {
  process.exit(0);
}
const cli = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
const args = [cli, 'build', '--directory', here, '--out', join(here, out), '--loglevel', 'warn'];
if (asan) args.push('--CDSCXTS_ASAN=ON');
const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (error || status !== 0) {
  console.error(
    'error: the native addon does not build; it needs g++, cmake, pkg-config and libbpf-dev 1.4.2 or later',
  );
  process.exit(1);
}
