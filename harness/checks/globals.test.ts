import { globals } from './globals';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(globals, honestEvidence(vary));
const roles = ({ leader }: Spoiled) => there(leader.globals, 'globals').roles;

describe('globals', () => {
  test('as before › is ok on every member', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    expect(findings.map(({ member }) => member)).toEqual(['db1', 'db2', 'db3']);
    expect(findings[0]?.expected).toBe('3 roles, 2 tablespaces, 1 settings, 3 databases as before the accident');
  });

  test('a role that is gone, one that is new, one with another password › are told with before and now', () => {
    const { findings } = result((spoiled) => {
      const known = roles(spoiled);
      delete known['barman'];
      known['intruder'] = '';
      known['ledger'] = 'login, password ffff000000000000';
    });
    expect(findings[0]).toMatchObject({
      status: 'failed',
      found: '3 are not: role barman, role intruder, role ledger',
    });
    expect(findings[0]?.detail?.slice(0, 3)).toEqual([
      'role barman: "login, replication, member of pg_checkpoint pg_read_all_settings, password 0f8e3ab1c2d94f57" before, not there now',
      'role intruder: not there before, no attribute now',
      'role ledger: "login, password 92c41be07a6d5f13" before, "login, password ffff000000000000" now',
    ]);
    expect(findings.slice(1).every(({ status }) => status === 'ok')).toBe(true);
  });

  test('a password that the recovery set anew › may be another; the rest of that role may not, nor other roles', () => {
    const setAnew = (role: string, text: string) =>
      result(({ recovery, leader }) => {
        recovery.passwordsSet = ['ledger'];
        there(leader.globals, 'globals').roles[role] = text;
      });
    expect(setAnew('ledger', 'login, password ffff000000000000').status).toBe('ok');
    expect(setAnew('ledger', 'login, superuser, password ffff000000000000').status).toBe('failed');
    expect(setAnew('ledger', '').status).toBe('failed');
    expect(setAnew('barman', 'login, replication, password ffff000000000000').status).toBe('failed');
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['nothing noted before', ({ cluster }) => void delete cluster.globalsBefore],
    ['no role noted before', ({ cluster }) => void (there(cluster.globalsBefore, 'globals').roles = {})],
    ['a member not read', ({ replica }) => void delete replica.globals],
    ['databases read once only', ({ replica }) => void delete there(replica.globals, 'globals').databases],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('a member that could not be read › says why', () => {
    const { findings } = result(({ replica }) => {
      delete replica.globals;
      replica.unread = { globals: '57P01: terminating connection' };
    });
    expect(findings.find(({ status }) => status === 'unverified')?.found).toBe(
      'could not be read: 57P01: terminating connection',
    );
  });
});
