import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/**
 * Rooms and what each may import (docs/architecture.md). This table is the one place that states it.
 * A room may always import itself.
 */
const below = {
  formats: [],
  record: ['formats'],
  run: ['record', 'machine'],
  checks: ['record', 'formats'],
  reports: ['record', 'formats'],
  engine: ['run', 'record', 'machine'],
};
below.cluster = ['engine', 'run', 'formats', 'record'];
below.backup = ['cluster', ...below.cluster];
below.operations = ['backup', ...below.backup];
below.fixtures = ['cluster', ...below.cluster];
below.accidents = ['operations', ...below.operations];
below.recovery = ['operations', ...below.operations];
below.observe = ['backup', ...below.backup];
below.drill = ['machine', 'accidents', 'recovery', 'observe', 'fixtures', 'checks', 'operations', ...below.operations];
below.suite = ['drill', 'reports', 'run', 'record', 'engine', 'machine', 'checks'];
below.cli = ['suite', 'machine', ...below.drill, ...below.suite];
below.index = ['drill', ...below.drill];
below.scenarios = ['index'];
below.bench = ['cli', ...below.cli];

const top = new Set(['fixtures', 'reports', 'scenarios', 'bench']);
const elements = Object.keys(below)
  .filter((room) => room !== 'index')
  .map((room) => ({ type: room, pattern: top.has(room) ? room : `harness/${room}` }));

const pureRooms = ['harness/formats', 'harness/record', 'harness/checks', 'harness/recovery/plan', 'reports'];
const impure = [
  'fs',
  'net',
  'child_process',
  'http',
  'https',
  'os',
  'tls',
  'dgram',
  'timers',
  'worker_threads',
  'fs/promises',
  'timers/promises',
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'reports/out/**', 'fixtures/runs/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { boundaries },
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: [] }, tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      'import/resolver': { typescript: { alwaysTryTypes: true } },
      'boundaries/elements': [
        { type: 'machine', pattern: 'bin/machine' },
        ...elements,
        // Last, so that it takes only what lies in no room: harness/index.ts.
        { type: 'index', pattern: 'harness' },
      ],
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(below).map(([room, allowed]) => ({
            from: { element: { type: room } },
            allow: [room, ...allowed].map((type) => ({ to: { element: { type } } })),
          })),
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name='setTimeout']:not([arguments.0.type='never'])",
          message: 'Waits are on conditions: use until, limited or pause of harness/run.',
        },
      ],
    },
  },
  { files: ['harness/run/**', 'bench/**', '**/*.test.ts', 'bin/**'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: pureRooms.map((room) => `${room}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...impure.flatMap((name) => [name, `node:${name}`]),
            'pg',
            'etcd3',
            'dockerode',
            'testcontainers',
          ].map((name) => ({
            name,
            message: 'This room is pure: values in, values out.',
          })),
        },
      ],
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'performance',
        'fetch',
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'], MemberExpression[object.name='Date']",
          message: 'This room is pure: no clock.',
        },
      ],
    },
  },
  {
    files: ['harness/**/*.ts', 'fixtures/**/*.ts', 'reports/**/*.ts', 'scenarios/**/*.ts'],
    ignores: ['harness/engine/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ['dockerode', 'testcontainers'].map((name) => ({
            name,
            message: 'Only engine/ talks to the container engine.',
          })),
        },
      ],
    },
  },
  { files: ['**/*.cjs', '**/*.mjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
