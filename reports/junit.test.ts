import { renderJunit } from './junit';
import { sampleRun, sampleSession, sampleVerdict } from './sample-session';

/** Names of the elements, in order, after checking that they nest. A parser of its own: rendering must not check itself. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, slash, name = '', attributes = '', closed] of xml.matchAll(
    /<(\/?)([a-z-]+)((?: [a-z]+="[^"<>]*")*)(\/?)>/g,
  )) {
    if (slash) {
      expect(open.pop()).toBe(name);
      continue;
    }
    expect(attributes.replace(/&(amp|lt|gt|quot|#10);/g, '')).not.toContain('&');
    names.push(name);
    if (!closed) open.push(name);
  }
  expect(open).toEqual([]);
  return names;
}

describe('junit', () => {
  it('has a suite a run, and a case for each phase, each check and the verdict', () => {
    const xml = renderJunit(sampleSession());
    expect(elementsOf(xml).filter((name) => name === 'testcase')).toHaveLength(7);
    expect(xml).toContain(
      '<testsuites name="pgdrill" tests="7" failures="3" errors="0" skipped="1" time="42.000" timestamp="2026-11-21T05:51:01">',
    );
    expect(xml).toContain(
      '<testcase classname="delete-without-where.phases" name="boot: Boot the cluster" time="7.900">',
    );
    expect(xml).toContain('<skipped message="does not apply: none was made"/>');
  });

  it('says unverified first', () => {
    expect(renderJunit(sampleSession())).toContain(
      '<failure type="unverified" message="unverified: The archive holds everything that recovery needs: not gathered">on cluster main\nexpected: its segments\nfound: not gathered</failure>',
    );
  });

  it('escapes what XML would take for its own, and drops what XML has no form for', () => {
    const verdict = sampleVerdict({ reason: 'a "quote" <b> & \u0000\u001b[31m\ud800 end', code: 'PGDRILL_X' });
    const xml = renderJunit(sampleSession([sampleRun({ verdict })]));
    expect(xml).toContain('&quot;xid&quot;'.replaceAll('&quot;', '"'));
    expect(xml).toContain(
      'message="failed: delete-without-where: PGDRILL_X: a &quot;quote&quot; &lt;b&gt; &amp; [31m end"',
    );
    elementsOf(xml);
  });

  it('fails the run and the phase that a killed process was in', () => {
    const stopped = { phase: 'boot', code: 'PGDRILL_DRILL_PROCESS_DIED', what: 'SIGKILL', cure: 'look at child.log' };
    const phases = [{ phase: 'boot', title: 'Boot the cluster', outcome: 'cut' as const, durationMs: 500 }];
    const xml = renderJunit(sampleSession([sampleRun({ outcome: 'not-run', verdict: undefined, stopped, phases })]));
    expect(xml).toContain(
      '<failure type="not-run" message="not-run: the run ended inside this phase">PGDRILL_DRILL_PROCESS_DIED: SIGKILL\nwhat to do: look at child.log</failure>',
    );
    expect(xml).toContain('message="not-run: delete-without-where: PGDRILL_DRILL_PROCESS_DIED: SIGKILL"');
    expect(xml).toContain('failures="2"');
  });

  it('does not fail a sabotage that showed what it was to show', () => {
    const expected = {
      expectation: { kind: 'verdict' as const, outcome: 'failed' as const, by: ['acknowledged-writes'] },
      met: true,
      checksSaid: 'failed' as const,
      red: ['acknowledged-writes'],
    };
    const checks = sampleVerdict().checks.filter(({ status }) => status !== 'unverified');
    const run = sampleRun({ outcome: 'passed', verdict: sampleVerdict({ outcome: 'passed', expected, checks }) });
    const xml = renderJunit(sampleSession([run]));
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<system-out>red, as expected');
  });

  it('does not fail the phase that was refused, as the drill expects', () => {
    const phases = [
      { phase: 'recover', title: 'Recover', outcome: 'failed' as const, durationMs: 500, summary: 'gap' },
    ];
    const verdict = sampleVerdict({ outcome: 'passed', checks: [] });
    const xml = renderJunit(sampleSession([sampleRun({ outcome: 'passed', verdict, phases })]));
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<system-out>stopped, as expected\ngap</system-out>');
  });

  it('counts drills that were never started as skipped', () => {
    const xml = renderJunit(sampleSession([], { notStarted: ['b-drill'] }));
    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="1"');
    expect(xml).toContain('<testsuite name="b-drill"');
    elementsOf(xml);
  });
});
