import { sampleFacts, sampleMember } from '../../recovery/plan/sample-facts';
import { choose, chooseServer, type Choosing } from './choose';

/** A person who gives these answers, one after the other. */
function person(answers: string[]): Choosing & { shown: string[]; asked: string[] } {
  const shown: string[] = [];
  const asked: string[] = [];
  return {
    shown,
    asked,
    print: (text) => void shown.push(text),
    asker: {
      ask: (question) => {
        asked.push(question);
        const answer = answers.shift();
        return answer === undefined ? Promise.reject(new Error(`not answered: ${question}`)) : Promise.resolve(answer);
      },
    },
  };
}

const facts = sampleFacts();

describe('choosing a recovery', () => {
  it('empty answers › the newest backup, latest, the first replica, outside Patroni', async () => {
    const { asker, print, shown } = person(['', '', '', '']);
    expect(await choose({ asker, print }, facts, {}, 'UTC')).toEqual({
      backup: '20261121T063833',
      target: 'latest',
      flags: { target: 'db2', restore: true },
    });
    const text = shown.join('\n');
    expect(text).toContain('1  20261121T063833  2026-11-21 06:38:33 UTC  2026-11-21 06:38:36 UTC  26.0 MiB  3');
    expect(text).toContain('from  2026-11-21 06:38:36.605027 UTC (0/A000000)');
    expect(text).toMatch(/to {4}2026-11-21 06:45:00 UTC \(0\/C000148\)/);
    expect(text).toContain('pitr 20261121T063833 latest --target db2 --restore');
  });

  it('wrong answers › are asked again, with the reason', async () => {
    const given = ['3', 'x', '2', '2026-11-31 06:00', '2026-11-21 06:44', '9', '1', '0', '3'];
    const { asker, print, shown } = person(given);
    expect(await choose({ asker, print }, facts, { fence: 'cutover' }, 'Asia/Bangkok')).toEqual({
      backup: '20261121T063744',
      target: '2026-11-21 06:44',
      flags: { fence: 'cutover', target: 'db1', restore: true, autoStart: true },
    });
    expect(shown.filter((line) => line.includes('a number from'))).toHaveLength(4);
    expect(shown.join('\n')).toContain('November 2026 has 30 days');
    expect(shown.at(-1)).toContain("'2026-11-21 06:44' --target db1 --fence cutover --restore --auto-start");
  });

  it('a target that the backup cannot reach › is asked again at once', async () => {
    const { asker, print, shown } = person(['', '2026-11-21 06:00', 'latest', '0']);
    const whyNot = (target: string) => Promise.resolve(target === 'latest' ? undefined : 'it lies before the backup');
    expect((await choose({ asker, print, whyNot }, facts, {}, 'UTC')).target).toBe('latest');
    expect(shown).toContain('  it lies before the backup');
  });

  it('no node › recovery files only', async () => {
    const { asker, print } = person(['', 'latest', '0']);
    expect((await choose({ asker, print }, facts, {}, 'UTC')).flags).toEqual({});
  });

  it('what options say › is not asked', async () => {
    const { asker, print, asked } = person(['', '']);
    await choose({ asker, print }, facts, { target: 'db3', restore: true }, 'UTC');
    expect(asked).toEqual(['backup [1]: ', 'target [latest]: ']);
  });

  it('a backup that is of no use › has no number, and says why', async () => {
    const foreign = sampleFacts({ backups: [{ ...facts.backups[0]!, systemIdentifier: '1' }, facts.backups[1]!] });
    const { asker, print, shown } = person(['', '', '', '1']);
    expect(await choose({ asker, print }, foreign, {}, 'UTC')).toMatchObject({ backup: '20261121T063744' });
    expect(shown.join('\n')).toMatch(/-\s+20261121T063833 .* it is of another system, 1/);
  });

  it('members that cannot be recovered on › are named so, and are not the usual choice', async () => {
    const members = [
      sampleMember('db1', { leader: true }),
      sampleMember('db2', { running: false }),
      sampleMember('db3'),
    ];
    const { asker, print, shown } = person(['', '', '', '']);
    expect((await choose({ asker, print }, sampleFacts({ members }), {}, 'UTC')).flags.target).toBe('db3');
    expect(shown.join('\n')).toContain('db2  replica; its container does not run');
  });

  it('one server › is taken; several are asked for', async () => {
    expect(await chooseServer(person([]), ['main'], 'main')).toBe('main');
    expect(await chooseServer(person(['']), ['a', 'main'], 'main')).toBe('main');
    expect(await chooseServer(person(['1']), ['a', 'main'], 'main')).toBe('a');
  });
});
