import { define } from '../diagnostic.js';

export const clangMissing = define('SCX5001', {
  title: 'clang is missing',
  why: 'scxts compiles the generated C with clang, which has a BPF backend.',
  wrong: '',
  right: 'apt-get install clang-19 llvm-19',
  message: () => 'clang was not found',
  hint: () =>
    'install clang 16 or later (Debian, Ubuntu: apt-get install clang-19 llvm-19), or set CLANG to its path',
});

export const clangTooOld = define('SCX5002', {
  title: 'clang is too old',
  why: 'Before 16, clang lacks 64-bit enums in BTF and declaration tags.',
  wrong: '',
  right: '',
  message: (path: string, version: string) =>
    `${path} is version ${version}; scxts needs clang 16 or later`,
  hint: () =>
    'install clang-19 (Debian, Ubuntu: apt-get install clang-19), or set CLANG to its path',
});

export const libbpfHeadersMissing = define('SCX5003', {
  title: "libbpf's headers are missing",
  why: 'Generated C includes <bpf/bpf_helpers.h>.',
  wrong: '',
  right: '',
  message: () => "libbpf's headers (bpf/bpf_helpers.h) were not found",
  hint: () => 'install libbpf-dev 1.4.2 or later (Debian 12: from bookworm-backports)',
});

export const clangFailed = define('SCX5004', {
  title: 'clang rejected the generated C',
  why: 'A program that scxts accepts should compile: this is a bug in scxts.',
  wrong: '',
  right: '',
  message: (output: string) => `clang rejected the generated C\n${output}`,
  hint: () =>
    'please report it with the program; SCXTS_KEEP_C=1 keeps the generated C as NAME.bpf.c.rejected',
});
