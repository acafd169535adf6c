import { PgdrillError } from '../record/errors';
import { deadlineMs } from './deadlines';
import { limited, pause, throwIfInterrupted, until, type WaitContext } from './until';

/** A deadline of 50 ms: 'session closed' is 5 s in the table. */
const SHORT = 'session closed';
const context = (signal = new AbortController().signal): WaitContext => ({ deadlineScale: 0.01, signal });
const interruption = new PgdrillError('PGDRILL_INTERRUPTED', 'the run was interrupted: SIGINT', 'start it again');
const never = () => new Promise<never>(() => undefined);

async function refusalOf(work: Promise<unknown>): Promise<PgdrillError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PgdrillError) return error;
  throw new Error('no PgdrillError', { cause: error });
}

describe('until', () => {
  test('a condition that holds › its value, at the first look, without a pause', async () => {
    expect(await until(SHORT, context(), () => 'there', { everyMs: 10_000 })).toBe('there');
  });

  test('undefined, null and false are "not yet", 0 and the empty text are values', async () => {
    const answers: (string | null | false | undefined)[] = [undefined, null, false, ''];
    let looked = 0;
    expect(await until(SHORT, context(), () => answers[looked++], { everyMs: 1 })).toBe('');
    expect(looked).toBe(4);
    expect(await until(SHORT, context(), () => 0)).toBe(0);
  });

  test('the deadline passes › named, with its length and what was seen last', async () => {
    let looked = 0;
    const error = await refusalOf(
      until(SHORT, context(), () => ((looked += 1), false), {
        everyMs: 5,
        seen: () => `${looked} of 99 members`,
        cure: 'wait',
      }),
    );
    expect(error.code).toBe('PGDRILL_DEADLINE');
    expect(error.what).toBe(`"session closed" did not come about within 0.1 s; last seen: ${looked} of 99 members`);
    expect(error.cure).toBe('wait');
    expect(looked).toBeGreaterThan(1);
  });

  test('exceptions are "not yet" › the last one is in the error, with its cause', async () => {
    const broken = new Error('connection refused');
    const error = await refusalOf(until(SHORT, context(), () => Promise.reject(broken), { everyMs: 5 }));
    expect(error.what).toMatch(/last seen: connection refused$/);
    expect(error.cause).toBe(broken);
  });

  test('an exception that was followed by a look without one › is not told', async () => {
    let looked = 0;
    const error = await refusalOf(
      until(
        SHORT,
        context(),
        () => {
          if ((looked += 1) === 1) throw new Error('connection refused');
          return false;
        },
        { everyMs: 5 },
      ),
    );
    expect(error.what).not.toContain('refused');
  });

  test('a PgdrillError of the condition › thrown on at once, as it is', async () => {
    const hopeless = new PgdrillError('PGDRILL_RECOVERY_FAILED', 'PostgreSQL ended', 'look at its log');
    let looked = 0;
    const work = until('recovery finished', context(), () => ((looked += 1), Promise.reject(hopeless)), { everyMs: 1 });
    expect(await refusalOf(work)).toBe(hopeless);
    expect(looked).toBe(1);
  });

  test('a condition that hangs › ends at the deadline and gets an aborted signal', async () => {
    let given: AbortSignal | undefined;
    const error = await refusalOf(until(SHORT, context(), (signal) => ((given = signal), never())));
    expect(error.code).toBe('PGDRILL_DEADLINE');
    expect(given?.aborted).toBe(true);
  });

  test('interrupted between two looks › ends at once, not at the deadline', async () => {
    const controller = new AbortController();
    const work = until('recovery finished', { deadlineScale: 1, signal: controller.signal }, () => false, {
      everyMs: 60_000,
    });
    setTimeout(() => controller.abort(interruption), 5);
    expect(await refusalOf(work)).toBe(interruption);
  });

  test('interrupted within a look that hangs › ends at once, and the look is told', async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const work = until(
      'recovery finished',
      { deadlineScale: 1, signal: controller.signal },
      (signal) => ((given = signal), never()),
    );
    setTimeout(() => controller.abort(interruption), 5);
    expect(await refusalOf(work)).toBe(interruption);
    expect(given?.aborted).toBe(true);
  });

  test('interrupted before › not looked at all', async () => {
    let looked = 0;
    const work = until(SHORT, context(AbortSignal.abort(interruption)), () => ((looked += 1), true));
    expect(await refusalOf(work)).toBe(interruption);
    expect(looked).toBe(0);
  });

  test('the condition’s rejection after the deadline › is not left unhandled', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    let fail: (reason: Error) => void = () => undefined;
    await refusalOf(until(SHORT, context(), () => new Promise<never>((_, reject) => (fail = reject))));
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

describe('limited', () => {
  test('in time › what the operation gives or throws', async () => {
    expect(await limited(SHORT, context(), () => Promise.resolve(7))).toBe(7);
    await expect(limited(SHORT, context(), () => Promise.reject(new TypeError('own')))).rejects.toThrow(TypeError);
  });

  test('too late › PGDRILL_DEADLINE by name, the operation’s signal is aborted', async () => {
    let given: AbortSignal | undefined;
    const error = await refusalOf(limited(SHORT, context(), (signal) => ((given = signal), never())));
    expect([error.code, error.what]).toEqual(['PGDRILL_DEADLINE', expect.stringContaining('"session closed"')]);
    expect(given?.aborted).toBe(true);
  });

  test('interrupted › the run’s own reason', async () => {
    const controller = new AbortController();
    const work = limited('backup made', { deadlineScale: 1, signal: controller.signal }, never);
    controller.abort(interruption);
    expect(await refusalOf(work)).toBe(interruption);
    let began = false;
    const after = limited(SHORT, context(controller.signal), () => ((began = true), never()));
    expect(await refusalOf(after)).toBe(interruption);
    expect(began).toBe(false);
  });

  test('done › leaves no listener on the run’s signal', async () => {
    const controller = new AbortController();
    let listening = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => ((listening += 1), add(...args))) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      (listening -= 1),
      remove(...args)
    )) as typeof remove;
    let looked = 0;
    await until(SHORT, context(signal), () => (looked += 1) > 3, { everyMs: 1 });
    await limited(SHORT, context(signal), () => Promise.resolve());
    expect(listening).toBe(0);
  });
});

describe('interruption', () => {
  test('not aborted › nothing', () => {
    expect(() => throwIfInterrupted(new AbortController().signal)).not.toThrow();
  });

  test('for another reason than a PgdrillError › PGDRILL_INTERRUPTED with that as its cause', async () => {
    const error = await refusalOf((async () => throwIfInterrupted(AbortSignal.abort('closed')))());
    expect([error.code, error.cause]).toEqual(['PGDRILL_INTERRUPTED', 'closed']);
  });

  test('pause › ends early without throwing', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(interruption), 5);
    await pause(60_000, controller.signal);
    await pause(60_000, controller.signal);
  });

  test('pause › waits as long as it is told', async () => {
    const started = performance.now();
    await pause(30, new AbortController().signal);
    expect(performance.now() - started).toBeGreaterThanOrEqual(28);
  });
});

describe('deadlines', () => {
  test('are scaled, in whole milliseconds', () => {
    expect(deadlineMs('session closed')).toBe(5000);
    expect(deadlineMs('session closed', 2.5)).toBe(12_500);
    expect(deadlineMs('session closed', 1 / 3)).toBe(1667);
  });
});
