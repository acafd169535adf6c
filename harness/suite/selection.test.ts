import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FoundDrill } from './discovery';
import { matchDrills, selectDrills } from './selection';

function found(family: string, id: string, ...labels: string[]): FoundDrill {
  return { id, title: id, family, labels, file: `/x/${family}/${id}.drill.ts`, nodes: 3, expect: 'recovered' };
}

const drills = [
  found('pitr', 'delete-without-where', 'smoke'),
  found('pitr', 'drop-table'),
  found('failover', 'kill-leader', 'smoke', 'slow'),
  found('failover', 'slow'),
];

describe('a word of the command line', () => {
  test.each([
    ['drop-table', ['drop-table']],
    ['pitr', ['delete-without-where', 'drop-table']],
    ['smoke', ['delete-without-where', 'kill-leader']],
    ['d*', ['delete-without-where', 'drop-table']],
    ['failover/*', ['kill-leader', 'slow']],
    ['*-leade?', ['kill-leader']],
    ['slow', ['slow']],
  ])('%s › means %j', (word, ids) => {
    expect(matchDrills(word, drills).map((drill) => drill.id)).toEqual(ids);
  });

  test('unknown › names the nearest and the command that lists them', () => {
    expect(() => matchDrills('drop-tabel', drills)).toThrow(
      expect.objectContaining({
        code: 'PGDRILL_UNKNOWN_DRILL',
        what: expect.stringContaining('did you mean "drop-table"?'),
        cure: expect.stringContaining('pgdrill list'),
      }),
    );
  });

  test('a glob that fits nothing › is unknown', () => {
    expect(() => matchDrills('zz*', drills)).toThrow(expect.objectContaining({ code: 'PGDRILL_UNKNOWN_DRILL' }));
  });

  test('a glob with letters special to regular expressions › takes them as they are', () => {
    expect(() => matchDrills('d.*-table', drills)).toThrow(expect.objectContaining({ code: 'PGDRILL_UNKNOWN_DRILL' }));
  });
});

describe('a path on the command line', () => {
  let dir: string;
  const drillText = (id: string): string =>
    `module.exports = { format: 1, id: '${id}', title: 'Mine', labels: ['own'], nodes: 2, episodes: [{ expect: { kind: 'refused', code: 'PGDRILL_X' } }] };`;
  const write = (name: string, text: string): string => {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => (dir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-selection-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  test('of a drill › is loaded from any directory', async () => {
    const file = write('drills/mine.drill.ts', drillText('mine'));
    const chosen = await selectDrills(['drills/mine.drill.ts'], { cwd: dir });
    expect(chosen).toEqual([
      { id: 'mine', title: 'Mine', family: 'drills', labels: ['own'], file, nodes: 2, expect: 'refused PGDRILL_X' },
    ]);
  });

  test('of a folder › means every drill in it, each once', async () => {
    write('drills/b.drill.ts', drillText('b'));
    write('drills/deep/a.drill.ts', drillText('a'));
    write('drills/node_modules/p/c.drill.ts', drillText('c'));
    write('drills/notes.ts', 'throw new Error("not a drill")');
    const chosen = await selectDrills(['./drills', 'drills/b.drill.ts'], { cwd: dir });
    expect(chosen.map((drill) => drill.id)).toEqual(['b', 'a']);
  });

  test('of a file that throws › names the file and the cause', async () => {
    write('bad.drill.ts', 'throw new Error("of the weather")');
    await expect(selectDrills(['bad.drill.ts'], { cwd: dir })).rejects.toMatchObject({
      code: 'PGDRILL_DRILL_UNLOADABLE',
      what: expect.stringMatching(/bad\.drill\.ts.*of the weather/),
    });
  });

  test('of a file that exports something else › is refused', async () => {
    write('none.drill.ts', 'export default 1;');
    await expect(selectDrills(['none.drill.ts'], { cwd: dir })).rejects.toMatchObject({
      code: 'PGDRILL_DRILL_INVALID',
    });
  });

  test('of two drills with one id › names both files', async () => {
    write('a.drill.ts', drillText('same'));
    write('b.drill.ts', drillText('same'));
    await expect(selectDrills(['a.drill.ts', 'b.drill.ts'], { cwd: dir })).rejects.toMatchObject({
      code: 'PGDRILL_DRILL_DUPLICATE',
      what: expect.stringMatching(/a\.drill\.ts and .*b\.drill\.ts/),
    });
  });

  test.each(['missing.drill.ts', './missing', '/missing'])('%s, which is not there › says so', async (word) => {
    await expect(selectDrills([word], { cwd: dir })).rejects.toMatchObject({
      code: 'PGDRILL_UNKNOWN_DRILL',
      what: expect.stringContaining('there is no file'),
    });
  });

  test('of an empty folder › says that no drill lies there', async () => {
    await expect(selectDrills(['.'], { cwd: dir })).rejects.toMatchObject({ code: 'PGDRILL_UNKNOWN_DRILL' });
  });
});
