import type { Engine } from '../engine/connect';
import type { Container } from '../engine/container';
import { startContainer } from '../engine/start';
import { createVolume } from '../engine/volume';
import { messageOf, PgdrillError } from '../record/errors';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { limited, until } from '../run/until';
import { base, type Parts } from './container-specs';
import { resourceName } from './description';

/** Name of the container that holds the loop devices of a cluster's members. */
export const disksName = 'disks';

/** Bytes of each file system; the file behind it takes only what is written. */
const DISK_BYTES = 8 * 1024 ** 3;

/** Loop devices, and the one that makes more of them (Linux, Documentation/admin-guide/devices.txt). */
const loopRules = ['b 7:* rwm', 'c 10:237 rwm'];

/**
 * Makes a file system for each member, and stays. Each device is detached while it is held open, which makes it let go of its
 * file by itself when nobody has it open or mounted any more (losetup(8), --detach): nothing is left behind whatever ends the
 * container.
 */
const script = `set -eu
trap 'exit 0' TERM
for member in "$@"; do
  truncate -s ${DISK_BYTES} "/disks/$member"
  mkfs.ext4 -q -F -m 0 "/disks/$member"
  device=$(losetup --find --show "/disks/$member")
  exec {held}< "$device"
  losetup --detach "$device"
  echo "disk of $member: $device"
done
echo 'disks made'
sleep infinity &
wait`;

/**
 * An ext4 of its own for each member, on loop devices of the engine's machine.
 * @returns the container that holds them, and by member the options of its volume
 * @throws PGDRILL_LACKING where engine or kernel have no such thing
 */
export async function makeLoopDisks(
  engine: Engine,
  run: Run,
  parts: Omit<Parts, 'keys'>,
): Promise<{ container: Container; volumes: Map<string, Record<string, string>> }> {
  const { description, marks } = parts;
  const volume = resourceName(description.run, description.name, disksName);
  try {
    await createVolume(engine, description.run, volume, marks);
    const container = await limited('containers started', run, (signal) =>
      startContainer(
        engine,
        {
          ...base(parts, disksName, 'node'),
          labels: { ...marks, [labels.role]: disksName, [labels.member]: disksName },
          capAdd: ['SYS_ADMIN'],
          deviceRules: loopRules,
          mayMount: true,
          entrypoint: ['bash', '-c'],
          command: [script, 'disks', ...description.members],
          volumes: [
            { volume, target: '/disks' },
            // A device that the kernel makes when asked for another one appears only there.
            { volume: '/dev', target: '/dev' },
          ],
        },
        signal,
      ),
    );
    const said = await until('containers started', run, async () => {
      await container.requireRunning();
      const text = await container.logs();
      return text.includes('disks made') ? text : undefined;
    });
    return { container, volumes: volumesOn(said) };
  } catch (error) {
    throw new PgdrillError(
      'PGDRILL_LACKING',
      `members cannot have file systems of their own here: ${messageOf(error)}`,
      'run it where containers may use loop devices (CONFIG_BLK_DEV_LOOP, SYS_ADMIN)',
      { cause: error },
    );
  }
}

/** Options of the local driver for the volume of each member, from what the container said. */
export function volumesOn(said: string): Map<string, Record<string, string>> {
  return new Map(
    [...said.matchAll(/^disk of (\S+): (\/dev\/\S+)$/gm)].map(([, member, device]) => [
      member!,
      { type: 'ext4', device: device!, o: 'noatime' },
    ]),
  );
}
