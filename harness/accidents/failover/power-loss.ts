import { z } from 'zod';
import type { Container } from '../../engine/container';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import { killContainers, startContainers } from '../killed-containers';

/** Two files on each disk, written at the same time: of the one that was not synced nothing may come back. */
const synced = 'pgdrill-synced';
const unsynced = 'pgdrill-unsynced';

/**
 * Shuts file systems down as a loss of power does, all within milliseconds: what was not written to the device by then never
 * is, the journal included (EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, fs/ext4/ioctl.c). It is done on a second mount
 * of the device, which is the same file system.
 */
const shutDown = `
import fcntl, os, struct, subprocess, sys, tempfile
places = []
for device in sys.argv[1:]:
    place = tempfile.mkdtemp()
    subprocess.run(['mount', '-t', 'ext4', device, place], check=True)
    places.append((place, os.open(place, os.O_RDONLY)))
for place, opened in places:
    fcntl.ioctl(opened, 0x8004587d, struct.pack('I', 2))
for place, opened in places:
    os.close(opened)
    subprocess.run(['umount', place], check=True)
`;

/** What a disk holds once its journal is replayed: bytes of the two files. */
const look = `place=$(mktemp -d) && mount -t ext4 "$1" "$place" && {
cat "$place/${synced}" | wc -c; cat "$place/${unsynced}" 2> /dev/null | wc -c; umount "$place"; }`;

const WITNESS_BYTES = 65_536;

export const powerLoss = defineAccident({
  name: 'power-loss',
  family: 'failover',
  title: 'power lost',
  does: "The file systems of all members are shut down at the same time, with everything in the page cache that was not synced, and then their containers are killed, Barman's with them. etcd goes on: it is elsewhere.",
  strikes: ['every-member'],
  options: z.object({}),
  proof:
    'after the journal is replayed, a file that was written and synced is whole on each disk, and of one that was written without sync nothing is left',
  undone: 'the containers are started again',
  neverTouches: 'what was synced; etcd, the volume of Barman',
  stopsWrites: true,
  async lacks({ cluster }) {
    if (cluster.disks) return undefined;
    return 'its members have no file systems of their own that can be shut down, they share that of the engine; in a drill: disks: { ownFileSystem: true }, by hand: pgdrill up --own-file-systems';
  },
  async prepare(_context, { nodes }) {
    const entries = nodes.map(async (node) => {
      const { stdout } = await node.exec(['findmnt', '-n', '-o', 'SOURCE', '-T', node.dataDir]);
      return [`disk of ${node.name}`, stdout.trim()] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  },
  async strike(context, { nodes }, _options, notes) {
    const { run, cluster, deal } = context;
    const disks = nodes.map(({ name }) => ({ name, device: notes[`disk of ${name}`]! }));
    const write = `head -c ${WITNESS_BYTES} /dev/urandom > "$1/${synced}" && sync "$1/${synced}" "$1" && head -c ${WITNESS_BYTES} /dev/urandom > "$1/${unsynced}"`;
    await Promise.all(
      nodes.map(({ container }) => container.exec(['sh', '-c', write, 'sh', '/var/lib/postgresql'], { check: true })),
    );
    const helper = cluster.disks!;
    await deal(() => helper.exec(['python3', '-c', shutDown, ...disks.map(({ device }) => device)], { check: true }));
    const { container: barman } = cluster.barman;
    await killContainers(context, [...nodes.map(({ container }) => container), barman]);
    const found = await Promise.all(
      disks.map(async (disk) => ({ ...disk, ...(await witnesses(run, helper, disk.device)) })),
    );
    return {
      proof: {
        took: found.every((disk) => disk.synced === WITNESS_BYTES && disk.unsynced === 0),
        expected: `${WITNESS_BYTES} bytes that were synced, 0 of those that were not`,
        found: found.map((disk) => `${disk.name}: ${disk.synced} and ${disk.unsynced}`).join(', '),
      },
    };
  },
  async undo({ cluster, struck }) {
    return startContainers(cluster, [...struck, 'barman']);
  },
});

/** Looked at once the engine has let go of the file system that was shut down. */
async function witnesses(run: Run, helper: Container, device: string): Promise<{ synced: number; unsynced: number }> {
  return until('accident proven', run, async () => {
    const { stdout, exitCode } = await helper.exec(['sh', '-c', look, 'sh', device]);
    const [whole = 0, left = 0] = stdout.trim().split('\n').map(Number);
    return exitCode === 0 && whole > 0 ? { synced: whole, unsynced: left } : undefined;
  });
}
