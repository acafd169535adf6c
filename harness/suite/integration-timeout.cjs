'use strict';

// jest-circus reads testTimeout from Jest's global configuration only (seen in 30.5), so the project of the tests that
// boot real things sets it here (ms). Their own waits have shorter, named deadlines (harness/run/deadlines.ts).
jest.setTimeout(300_000);
