import type { Verdict } from '../harness/record/verdict';
import { sampleVerdict } from './sample-session';
import { renderVerdict } from './verdict-text';

const plain = { dir: 'reports/out/s/r', colour: false };

describe('verdict text', () => {
  it('shows what was expected and found, once for members that say the same', () => {
    expect(renderVerdict(sampleVerdict(), plain)).toBe(` FAILED  delete-without-where
  DELETE without WHERE, undone by PITR on an isolated replica

  ✗ acknowledged-writes  Every acknowledged write before the target is on every member
      on        db2, db3 of cluster main
      expected  all of 1-1204
      found     1 is missing: 733
                committed at 05:51:02.123456, <LSN> 0/3000148 & "xid" 812
      look      SELECT * FROM ledger.entry WHERE id = 733
      and 1 of its findings is as expected
  ? archive              The archive holds everything that recovery needs
      on        cluster main
      expected  its segments
      found     not gathered
  ✓ accident             0 rows left: 50,000 rows deleted
  – switchover           does not apply: none was made

  not covered  large objects, roles

  RTO, writes  12.3 s from the accident to the first write acknowledged
  RTO, full    24.1 s until every member streams on the new timeline
  RPO          0.0 s of acknowledged writes given up by the target
  writes       12,345 acknowledged, 12,000 recovered, 1 lost, 0 phantom, 3 without an answer
  discarded    120 before the fence, 0 after it
  resumed      450 acknowledged by the recovered leader

  seed         4711
  report       reports/out/s/r
  judge again  pgdrill check 20261121t055102-3fa9c1
  reproduce    pgdrill run delete-without-where --seed 4711
  look         pgdrill run delete-without-where --seed 4711 --keep
               makes the same cluster again and leaves it up, for the commands at "look"
`);
  });

  it('says why a run did not run and what to do, and leaves out figures that there are none of', () => {
    const text = renderVerdict(
      sampleVerdict({
        outcome: 'not-run',
        code: 'PGDRILL_DISK_LOW',
        reason: '1.2 GB are free',
        cure: 'free some space',
        checks: [],
        notCovered: [],
        figures: {},
      }),
      plain,
    );
    expect(text).toMatch(/^ NOT RUN {2}delete-without-where$/m);
    expect(text).toMatch(/^ {2}why {10}1\.2 GB are free \(PGDRILL_DISK_LOW\)$/m);
    expect(text).toMatch(/^ {2}what to do {3}free some space$/m);
    expect(text).not.toContain('RTO');
    expect(text).toContain('  – nothing was checked: the run ended before there was anything to check\n\n  seed');
  });

  it('marks an interrupted run as such', () => {
    expect(renderVerdict(sampleVerdict({ outcome: 'unverified', interrupted: true }), plain)).toContain(
      ' UNVERIFIED (interrupted)  delete-without-where',
    );
  });

  it('says what a sabotage was expected to show', () => {
    const expected = {
      expectation: { kind: 'verdict' as const, outcome: 'failed' as const, by: ['timeline'] },
      met: false,
      checksSaid: 'failed' as const,
      red: ['acknowledged-writes'],
    };
    expect(renderVerdict(sampleVerdict({ expected }), plain)).toMatch(
      /expected {5}the checks say failed by timeline alone: NOT met; the checks said failed by acknowledged-writes/,
    );
  });

  it('breaks long lines under their own column, and never a path, a row or a command', () => {
    const dir = `reports/out/${'x'.repeat(100)}`;
    const lines = renderVerdict(sampleVerdict(), { ...plain, dir, width: 60 }).split('\n');
    expect(lines).toContain('  ✗ acknowledged-writes  Every acknowledged write before the');
    expect(lines).toContain('                         target is on every member');
    expect(lines).toContain(`  report       ${dir}`);
    const whole = ['committed at', 'look ', 'makes the same cluster', 'RTO, ', 'writes ', `report       ${dir}`];
    expect(lines.filter((line) => line.length > 60 && !whole.some((text) => line.trim().startsWith(text)))).toEqual([]);
  });

  it('shows what each finding expected and found when asked for all', () => {
    const text = renderVerdict(sampleVerdict(), { ...plain, all: true });
    expect(text).toContain(
      '  ✓ accident             The accident took effect\n      expected  0 rows left\n      found     50,000 rows deleted\n',
    );
    expect(text).toContain('      on        db1 of cluster main\n      expected  all\n      found     all\n');
    expect(text).not.toContain('as expected');
  });

  it('names the folder for a run that is not saved where runs are looked for', () => {
    expect(renderVerdict(sampleVerdict(), { ...plain, name: '/tmp/my runs/r' })).toContain(
      "pgdrill check '/tmp/my runs/r'",
    );
  });

  it('has colours only when asked for', () => {
    const escape = '\u001b[';
    expect(renderVerdict(sampleVerdict(), plain)).not.toContain(escape);
    expect(renderVerdict(sampleVerdict(), { ...plain, colour: true })).toContain(escape);
  });

  it('tells how to enter a cluster that was kept', () => {
    expect(renderVerdict(sampleVerdict(), { ...plain, keep: ['pgdrill enter r', 'pgdrill down r'] })).toContain(
      '  The cluster was kept.\n    pgdrill enter r\n    pgdrill down r\n',
    );
  });

  describe('a failed finding', () => {
    const when = 'when: accident 2026-11-21 05:51:02.151002+00; fence 05:51:05.700 (+3.5 s)';
    const logLine = 'log: 2026-11-21 05:51:20.301 UTC [311] postgres@thai pgdrill ERROR:  invalid page in block 10';
    const damaged = (member: string, detail: string[] = []) => ({
      check: 'integrity',
      status: 'failed' as const,
      episode: 0,
      cluster: 'main',
      member,
      expected: 'every relation readable',
      found: '1 damaged: thai: book.tickets',
      detail: [
        'thai: book.tickets: invalid page',
        `look: pgdrill enter --psql ${member} -- -c x`,
        logLine,
        ...detail,
        when,
      ],
    });
    const blind = (expected: string) => ({
      check: 'integrity',
      status: 'unverified' as const,
      episode: 0,
      cluster: 'main',
      member: 'db3',
      expected,
      found: 'no answer',
    });
    const verdictWith = (...findings: Verdict['checks'][number]['findings']) =>
      sampleVerdict({
        checks: [
          ...sampleVerdict().checks.filter(({ status }) => status === 'ok'),
          { check: 'members', version: 1, title: 'all there', oracle: 8, status: 'ok', findings: [] },
          { check: 'integrity', version: 2, title: 'files are sound', oracle: 5, status: 'failed', findings },
        ],
      });

    it('says once for all members what differs, the log, the command, and the moments at the head', () => {
      const text = renderVerdict(verdictWith(damaged('db1'), damaged('db2')), { ...plain, program: 'npx pgdrill' });
      expect(text).toContain(`  when         accident 2026-11-21 05:51:02.151002+00; fence 05:51:05.700 (+3.5 s)

  ✗ integrity    files are sound
      on        db1, db2 of cluster main
      expected  every relation readable
      found     1 damaged: thai: book.tickets
                thai: book.tickets: invalid page
      log       05:51:20.301 ERROR:  invalid page in block 10
      look      npx pgdrill enter --psql db1 -- -c x
  ✓ as expected  accident, members
`);
    });

    it('keeps apart what differs in its rows, and says a line of the log once', () => {
      const text = renderVerdict(verdictWith(damaged('db1'), damaged('db2', ['another row'])), plain);
      expect(text.match(/^ {6}on /gm)).toHaveLength(2);
      expect(text.match(/invalid page in block 10/g)).toHaveLength(1);
    });

    it('says once why one place could not be looked at, for all that it was to show', () => {
      const text = renderVerdict(verdictWith(damaged('db1'), blind('a full read'), blind('its log')), plain);
      expect(text).toContain('      expected  a full read; its log\n      found     no answer\n');
    });

    it('shows the first four, and counts the others', () => {
      const many = Array.from({ length: 7 }, (_, number) => damaged('db1', [`row ${number}`]));
      const text = renderVerdict(verdictWith(...many), plain);
      expect(text.match(/^ {6}found /gm)).toHaveLength(4);
      expect(text).toContain('      and 3 more like these: pgdrill report --verbose\n');
      expect(
        renderVerdict(verdictWith(...many), { ...plain, all: true }).match(/^ {6}found {5}1 damaged/gm),
      ).toHaveLength(7);
    });

    it('does not tell how to get the cluster back where it was kept', () => {
      const text = renderVerdict(verdictWith(damaged('db1')), { ...plain, keep: ['pgdrill enter r'] });
      expect(text).not.toContain('--keep');
    });
  });
});
