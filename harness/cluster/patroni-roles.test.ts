import { renderPatroniConfig } from './patroni-config';
import { patroniRoles } from './patroni-roles';
import { sampleDescription } from './sample-description';

describe('roles that Patroni logs in as', () => {
  test('of a configuration of ours › superuser, replication and rewind', () => {
    const roles = patroniRoles(renderPatroniConfig(sampleDescription(), 'db1'));
    const { superuser, replicator, rewind } = sampleDescription().secrets;
    expect(roles).toEqual([
      { role: 'postgres', password: superuser },
      { role: 'replicator', password: replicator },
      { role: 'rewind', password: rewind },
    ]);
  });

  test('one role for two things counts once; without a password, or no such section, none', () => {
    const both =
      'superuser: { username: postgres, password: 12345 }\n    rewind: { username: postgres, password: 12345 }';
    expect(patroniRoles(`postgresql:\n  authentication:\n    ${both}`)).toEqual([
      { role: 'postgres', password: '12345' },
    ]);
    expect(patroniRoles('postgresql: { authentication: { superuser: { username: postgres } } }')).toEqual([]);
    expect(patroniRoles('scope: a')).toEqual([]);
    expect(patroniRoles('')).toEqual([]);
    expect(patroniRoles('{ no: yaml')).toEqual([]);
  });
});
