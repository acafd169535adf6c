import { renderBarmanConfig } from './barman-config';
import { sampleDescription } from './sample-description';

function settingsOf(text: string): { section: string | undefined; settings: Record<string, string> } {
  const [head, ...rest] = text.trimEnd().split('\n');
  const settings: Record<string, string> = {};
  for (const line of rest) {
    const match = /^(\w+) = (.+)$/.exec(line);
    if (!match?.[1] || !match[2]) throw new Error(`no setting: ${line}`);
    if (match[1] in settings) throw new Error(`twice: ${match[1]}`);
    settings[match[1]] = match[2];
  }
  return { section: /^\[(.+)\]$/.exec(head ?? '')?.[1], settings };
}

const rendered = (change = {}) => settingsOf(renderBarmanConfig(sampleDescription(change)));

describe('configuration of Barman', () => {
  test('one section, named as the server', () => {
    expect(rendered({ barmanServer: 'eu' }).section).toBe('eu');
  });

  test('follows whichever member takes writes › both connections name all of them', () => {
    const { settings } = rendered({ members: ['db1', 'db2', 'db3', 'db4'] });
    for (const connection of [settings.conninfo, settings.streaming_conninfo]) {
      expect(connection?.split(' ')).toEqual(
        expect.arrayContaining(['host=db1,db2,db3,db4', 'user=barman', 'target_session_attrs=read-write']),
      );
    }
  });

  test('a single member › no comma', () => {
    expect(rendered({ members: ['db1'] }).settings.conninfo).toMatch(/^host=db1 /);
  });

  test('both archiving ways, with a slot of Barman’s own', () => {
    expect(rendered().settings).toMatchObject({
      archiver: 'on',
      streaming_archiver: 'on',
      slot_name: 'barman',
      backup_method: 'postgres',
    });
  });

  test('no secret › the password lies in a file of its own', () => {
    const text = renderBarmanConfig(sampleDescription());
    for (const secret of Object.values(sampleDescription().secrets)) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/password=/);
    expect(rendered().settings.conninfo).toContain('passfile=/etc/pgdrill/pgpass');
  });
});
