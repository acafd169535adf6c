import Emittery from 'emittery';
import type {
  EmittingTestRunnerInterface,
  Test,
  TestEvents,
  TestRunnerOptions,
  TestWatcher,
  UnsubscribeFn,
} from 'jest-runner';
import path from 'node:path';
import { describeError } from '../record/errors';
import type { RunEvent } from '../record/events';
import { exitCodes } from '../record/outcome';
import { drillFile, shown } from './load-drill';
import { sameInterruptMs } from './interrupts';
import { OpenSession, type ChosenFile } from './open-session';
import { inTurn } from './scheduler';
import { caseOfEvent, casesOfEnd, jestCase, jestFile, type CaseResult, type DrillCase } from './test-cases';

/**
 * Jest's runner of drills: a process for each, whose events become Jest's cases as they come. Under `pgdrill run` it
 * works in the session that is open; under bare `npx jest` it makes one, with the same reports.
 */
export default class DrillRunner implements EmittingTestRunnerInterface {
  readonly supportsEventEmitters = true;
  private readonly events = new Emittery<TestEvents>();

  on<Name extends keyof TestEvents>(
    name: Name,
    listener: (data: TestEvents[Name]) => void | Promise<void>,
  ): UnsubscribeFn {
    return this.events.on(name, listener);
  }

  async runTests(tests: Test[], _watcher: TestWatcher, _options: TestRunnerOptions): Promise<void> {
    const open = OpenSession.current;
    if (open) return this.runIn(open, tests);
    const own = OpenSession.open({ arguments: process.argv.slice(2) });
    const release = interruptsTo(own);
    try {
      await this.runIn(own, tests);
    } finally {
      release();
      // Jest itself only tells passed from failed.
      process.exitCode = own.close().exitCode;
      process.stderr.write(`reports: ${shown(own.dir)}\n`);
    }
  }

  private async runIn(session: OpenSession, tests: Test[]): Promise<void> {
    // Jest puts the files that failed last time first; a session keeps the order that was asked for.
    const inOrder = [...tests].sort((a, b) => session.place(a.path) - session.place(b.path));
    await inTurn(inOrder, session.jobs, async (test) => {
      await this.events.emit('test-file-start', [test]);
      const startedAt = Date.now();
      try {
        const cases = await this.runFile(session, test);
        await this.events.emit('test-file-success', [
          test,
          jestFile(test.path, cases, startedAt, test.context.config.displayName),
        ]);
      } catch (error) {
        const { what, code } = describeError(error);
        await this.events.emit('test-file-failure', [
          test,
          {
            message: `not-run: ${what} (${code})`,
            stack: (error as Error).stack ?? '',
            type: undefined,
            code: undefined,
          },
        ]);
      }
    });
  }

  private async runFile(session: OpenSession, test: Test): Promise<CaseResult[]> {
    const chosen = session.chosen(test.path);
    const cases: CaseResult[] = [];
    for (const one of chosen.length > 0 ? chosen : [byFileName(test.path)]) {
      cases.push(...(await this.runChosen(session, test, one)));
    }
    return cases;
  }

  private async runChosen(session: OpenSession, test: Test, chosen: ChosenFile): Promise<CaseResult[]> {
    const cases: CaseResult[] = [];
    for (let nth = 0; nth < session.repeat; nth += 1) {
      const ancestors = session.repeat === 1 ? [chosen.id] : [chosen.id, `run ${nth + 1} of ${session.repeat}`];
      const add = (one: DrillCase): void => {
        const result = jestCase(ancestors, one);
        cases.push(result);
        void this.events.emit('test-case-result', [test.path, result]);
      };
      if (session.over) {
        session.passOver(chosen.id);
        add({ title: `not started (${session.over})`, status: 'pending' });
        continue;
      }
      const run = await session.run(chosen, nth, (event) => {
        this.announce(test.path, ancestors, event);
        const one = caseOfEvent(event);
        if (one) add(one);
      });
      for (const one of casesOfEnd(run)) add(one);
    }
    return cases;
  }

  private announce(file: string, ancestorTitles: string[], event: RunEvent): void {
    if (event.kind !== 'phase-started') return;
    const { title } = event;
    void this.events.emit('test-case-start', [
      file,
      { ancestorTitles, fullName: [...ancestorTitles, title].join(' '), mode: undefined, title, startedAt: Date.now() },
    ]);
  }
}

function byFileName(file: string): ChosenFile {
  const id = path.basename(file).replace(drillFile, '');
  return { file, id, title: id };
}

/** Under bare Jest nobody else listens: the first interrupt goes on to the drills, the second ends all at once. */
function interruptsTo(session: OpenSession): () => void {
  let firstAt: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt !== undefined && now - firstAt >= sameInterruptMs) {
      session.kill();
      process.exit(exitCodes.interrupted);
    }
    firstAt ??= now;
    session.interrupt(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
