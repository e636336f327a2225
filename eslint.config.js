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
    // A time that somebody gives may be longer than the 2^31 ms that these take; a number or a CONSTANT is not.
    files: ['cli/**', 'native/runtime/**', 'components/**', 'vm/**', 'examples/**', 'templates/**'],
    ignores: ['native/runtime/timers.ts', 'cli/view/browser/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name=/^set(Timeout|Interval)$/]:not([arguments.1.type="Literal"], [arguments.1.name=/^[A-Z][A-Z0-9_]*$/])',
          message: 'use after(), every() or pause() of native/runtime/timers.ts',
        },
        {
          selector:
            'CallExpression[callee.object.name="AbortSignal"][callee.property.name="timeout"]',
          message: 'use after() of native/runtime/timers.ts',
        },
      ],
    },
  },
  {
    // VS Code and its TypeScript load modules of the other kind.
    files: ['tsserver/**/*.cts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Programs for the kernel: callbacks list all their parameters, globals are written for userspace.
    files: [
      'examples/*.ts',
      'examples/guide/*/{chapter,task,solution}.ts',
      'test/language/accepted/**/*.ts',
      'test/language/meaning/whole/**/*.ts',
      'test/vm/examples/witness.ts',
      'test/vm/schedulers/*.ts',
      'components/**/*.bpf.ts',
      'lib/**/*.bpf.ts',
      'examples/lib/*.bpf.ts',
      'cli/trace/bpf/*.ts',
      'dsl/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      'prefer-const': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
