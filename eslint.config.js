import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'native/build/**',
      '**/*.skel.ts',
      'dsl/generated/**',
      'dsl/vmlinux.d.ts',
      'coverage/**',
      '.ci/**',
      'test/language/rejected/**',
    ],
  },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  {
    // Programs for the kernel: callbacks list all their parameters, globals are written for userspace.
    files: [
      'examples/*.ts',
      'test/language/accepted/**/*.ts',
      'test/vm/examples/witness.ts',
      'test/vm/schedulers/*.ts',
      'components/**/*.bpf.ts',
      'examples/lib/*.bpf.ts',
      'cli/trace/bpf/*.ts',
      'dsl/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      'prefer-const': 'off',
    },
  },
);
