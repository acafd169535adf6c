import { barmanPlacesOf, containerName, placesOf } from './description';
import { sampleDescription } from './sample-description';

describe('where a cluster of ours has what', () => {
  test.each([
    [undefined, 'main', 'pgdrill-20261121t064000-3fa9c1-db1'],
    [undefined, 'second', 'pgdrill-20261121t064000-3fa9c1-second-db1'],
    ['', 'main', 'db1'],
    ['lab-', 'main', 'lab-db1'],
  ])('the name of a container › prefix %p, cluster %s', (namePrefix, name, expected) => {
    const given = namePrefix === undefined ? {} : { namePrefix };
    expect(containerName(sampleDescription({ name, ...given }), 'db1')).toBe(expected);
  });

  test('places › of the images, and those that were discovered instead', () => {
    const ours = placesOf(sampleDescription({ namePrefix: '' }), 'db2');
    expect(ours).toMatchObject({ container: 'db2', dataDir: '/var/lib/postgresql/15/db2', osUser: 'postgres' });
    const theirs = { ...ours, container: 'pg-b', dataDir: '/data' };
    expect(placesOf(sampleDescription({ places: { db2: theirs } }), 'db2')).toBe(theirs);
    expect(barmanPlacesOf(sampleDescription()).mounted.db3).toBe('/nodes/db3/15/db3');
  });
});
