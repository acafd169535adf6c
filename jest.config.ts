/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

const root = __dirname;

/** The level of a test is in its file's name: `<subject>.<level>.test.ts`; without one it is a unit test. */
const levels = '(contract|engine|cluster|cli)';

const places: Project = {
  rootDir: root,
  roots: ['harness', 'fixtures', 'reports', 'scenarios', 'bench', 'bin'].map((folder) => `${root}/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/reports/out/', '<rootDir>/fixtures/runs/'],
};
const tests: Project = {
  ...places,
  testEnvironment: 'node',
  // 'pgdrill' means the source, as everywhere in this repository.
  testEnvironmentOptions: { customExportConditions: ['pgdrill-source', 'node', 'require', 'default'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
};

/** Jest discovers, schedules and reports; it never executes drill code: see harness/suite/drill-runner.ts. */
const config: Config = {
  reporters: [`${root}/harness/suite/reporter.cjs`],
  // So that the reporter's last line comes also when no test is found; it makes that an error itself.
  passWithNoTests: true,
  // What tests print is kept with their file's result; our reporter shows the warnings among it.
  verbose: false,
  projects: [
    { ...tests, displayName: 'unit', testRegex: [`(?<!\\.${levels})\\.test\\.ts$`] },
    {
      ...tests,
      displayName: 'integration',
      testRegex: [`\\.${levels}\\.test\\.ts$`],
      setupFilesAfterEnv: [`${root}/harness/suite/integration-timeout.cjs`],
    },
    {
      ...places,
      displayName: 'drills',
      testRegex: ['\\.drill\\.ts$'],
      transform: {},
      runner: `${root}/harness/suite/runner.cjs`,
    },
  ],
};

// Node 22 loads this file by itself, as the CommonJS that this package is, and warns of `export`.
module.exports = config;
