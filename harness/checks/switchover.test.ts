import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, without, type Spoiled } from './spoiled';
import { switchover } from './switchover';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(switchover, honestEvidence(vary));

describe('switchover', () => {
  test('nothing lost › is ok on every member', () =>
    expect(result().findings.map(({ found }) => found)).toEqual(Array(3).fill('all there')));

  test('missing by its own account, or by the rows read at the end › is red', () => {
    expect(result(({ cluster }) => void (there(cluster.switchover, 'turn').missing['db3'] = '5900')).status).toBe(
      'failed',
    );
    const { findings } = result(({ replica }) => void (replica.ledger = without(replica.ledger, 5900, 5901)));
    expect(findings.filter(({ status }) => status === 'failed')).toMatchObject([
      { member: 'db2', found: '2 missing', detail: expect.arrayContaining(['missing: 5900, 5901']) },
    ]);
  });

  test('a leader that stayed › is red', () => {
    expect(result(({ cluster }) => void (there(cluster.switchover, 'turn').to = 'db2')).status).toBe('failed');
  });

  test('nothing written, or a member not asked › is unverified', () => {
    expect(result(({ cluster }) => void (there(cluster.switchover, 'turn').acknowledged = '')).status).toBe(
      'unverified',
    );
    expect(result(({ cluster }) => void delete there(cluster.switchover, 'turn').missing['db3']).status).toBe(
      'unverified',
    );
    expect(result(({ replica }) => void delete replica.ledger).status).toBe('unverified');
  });

  test('none done › not applicable, by name', () => {
    const { status, findings } = result(({ cluster }) => void delete cluster.switchover);
    expect(status).toBe('not-applicable');
    expect(findings[0]?.found).toBe('no switchover was done after the recovery');
  });
});
