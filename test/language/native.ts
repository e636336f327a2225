import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** What the kernel's side of the generated C is for this machine's CPU; division as BPF defines it. */
const PRELUDE = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
#define bool _Bool
#define true 1
#define false 0
#define __always_inline inline
#define __noinline __attribute__((noinline))
#define can_loop 1
static volatile u64 scxts_zero;
#define array_elem(array, index) ({ __auto_type a_ = &(array); u64 i_ = (index); \\
	i_ < sizeof(*a_) / sizeof((*a_)[0]) ? &(*a_)[i_] : NULL; })
#define array_get(array, index) ({ __auto_type e_ = array_elem(array, index); e_ ? *e_ : 0; })
#define scxts_for(i, from, to) for (s32 i = (from); i < (to); i++)
${['u32', 's32', 'u64', 's64']
  .map(
    (t) => `static inline ${t} scxts_div_${t}(${t} x, ${t} y) { return !y ? 0 : ${
      t.startsWith('s') ? `y == -1 ? (${t})-(u64)x : ` : ''
    }x / y; }
static inline ${t} scxts_mod_${t}(${t} x, ${t} y) { return !y ? x : ${
      t.startsWith('s') ? 'y == -1 ? 0 : ' : ''
    }x % y; }
static inline ${t} scxts_min_${t}(${t} a, ${t} b) { return a < b ? a : b; }
static inline ${t} scxts_max_${t}(${t} a, ${t} b) { return a > b ? a : b; }`,
  )
  .join('\n')}
static inline s32 scxts_abs_s32(s32 x) { return x < 0 ? -(u32)x : x; }
static inline s64 scxts_abs_s64(s64 x) { return x < 0 ? -(u64)x : x; }
`;

/** The program's own functions and globals in the generated C, without what is for the kernel. */
function ownText(c: string): { struct: string; globals: string[]; functions: string } {
  const text = c.replace(/^#line .*\n/gm, '');
  const struct = /^struct In \{[\s\S]*?^\};/m.exec(text)?.[0] ?? '';
  const own = text.slice(text.indexOf('char LICENSE[]'));
  const functions = [...own.matchAll(/^static (?:__always_inline|__noinline) [\s\S]*?^\}$/gm)]
    .map((m) => m[0])
    .join('\n\n');
  const globals = [...text.matchAll(/^u64 (?:out|table)\[\d+\];$/gm)].map((m) => m[0]);
  return { struct, globals, functions };
}

/**
 * Compiles the bodies of syscall programs natively and runs them one after the other for each input; gives
 * the `out` array after each. Globals start at zero and keep their values from input to input.
 */
export function runNatively(
  cFile: string,
  programs: string[],
  fields: string[],
  inputs: Record<string, bigint>[],
  outputs: number,
): bigint[][] {
  const { struct, globals, functions } = ownText(readFileSync(cFile, 'utf8'));
  const main = `int main(void)
{
	static u64 in[${fields.length}];
	while (fread(in, 8, ${fields.length}, stdin) == ${fields.length}) {
		struct In x;
		memset(&x, 0, sizeof(x));
${fields.map((f, i) => `\t\tx.${f} = in[${i}];`).join('\n')}
${programs.map((p) => `\t\t{ struct In copy = x; scxts_body_${p}(&copy); }`).join('\n')}
		fwrite(out, 8, ${outputs}, stdout);
	}
	return 0;
}
`;
  const source = cFile.replace(/\.bpf\.c$/, '.native.c');
  const binary = cFile.replace(/\.bpf\.c$/, '.native');
  writeFileSync(source, [PRELUDE, struct, ...globals, functions, main].join('\n'));
  const clang = process.env['CLANG'] ?? 'clang-19';
  execFileSync(clang, ['-O1', '-w', '-fwrapv', '-fno-strict-aliasing', '-o', binary, source]);
  const data = BigUint64Array.from(
    inputs.flatMap((x) => fields.map((f) => BigInt.asUintN(64, x[f]!))),
  );
  const raw = execFileSync(binary, { input: Buffer.from(data.buffer), maxBuffer: 1 << 28 });
  const values = new BigUint64Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  return inputs.map((_, i) => [...values.subarray(i * outputs, (i + 1) * outputs)]);
}
