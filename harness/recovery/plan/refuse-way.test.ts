import type { PitrFacts, PitrRequest } from './facts';
import { refuseWay } from './refuse-way';
import { refusalOf, sampleBackup, sampleFacts, sampleMember, sampleRequest } from './sample-facts';
import { plainPlaces } from './typed-places';

const way = (request: Partial<PitrRequest>, node = 'db2', facts: Partial<PitrFacts> = {}, backup = sampleBackup()) => {
  const all = sampleFacts(facts);
  return () =>
    refuseWay(
      sampleRequest(request),
      all,
      all.members.find(({ name }) => name === node)!,
      backup,
    );
};

describe('ways that contradict themselves', () => {
  test('a pause at `latest` › there is nowhere to pause', () => {
    expect(refusalOf(way({ pause: true, target: { kind: 'latest' } })).code).toBe('PGDRILL_PAUSE_NOWHERE');
    expect(way({ pause: true })).not.toThrow();
  });

  test.each<Partial<PitrRequest>>([{ fence: 'cutover' }, { mode: 'restore' }, { mode: 'apply' }])(
    'the leader, with %j › another would be elected',
    (request) => {
      const refusal = refusalOf(way(request, 'db1'));
      expect(refusal.code).toBe('PGDRILL_NODE_LEADS');
      expect(refusal.cure).toContain('db2 or db3');
      expect(way(request, 'db2')).not.toThrow();
    },
  );

  test('the leader, fenced first or alone, or files only › fine', () => {
    expect(way({}, 'db1')).not.toThrow();
    expect(way({ mode: 'files' }, 'db1')).not.toThrow();
    const members = [sampleMember('db1', { leader: true })];
    expect(way({ mode: 'restore' }, 'db1', { members })).not.toThrow();
  });

  test('tablespaces › of the cluster or of the backup, where Barman shares no volume, or files alone are made', () => {
    const tablespaces = [{ name: 'slow', location: '/srv/slow' }];
    const facts = sampleFacts();
    const places = plainPlaces(facts.members, facts.binDir);
    expect(way({}, 'db2', { tablespaces, places })).not.toThrow();
    places.barman.mounted = {};
    expect(refusalOf(way({}, 'db2', { tablespaces, places })).message).toContain('slow in /srv/slow');
    expect(refusalOf(way({}, 'db2', { places }, sampleBackup({ tablespaces }))).code).toBe('PGDRILL_TABLESPACES');
    expect(way({}, 'db2', { places })).not.toThrow();
    expect(refusalOf(way({ mode: 'files' }, 'db2', { tablespaces })).cure).toContain('--target db2');
  });
});
