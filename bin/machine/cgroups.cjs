// @ts-check
'use strict';

/**
 * The commands that mount control groups where nothing did: in a container or chroot without init, dockerd refuses to
 * start with "Devices cgroup isn't mounted". Debian's cgroupfs-mount does the same. Pure.
 *
 * @param {string} mounts content of /proc/mounts
 * @param {string} controllers content of /proc/cgroups; empty where the kernel has none
 * @returns {string[][]} commands with their arguments, in order; none when there are control groups already
 */
function cgroupMounts(mounts, controllers) {
  const lines = mounts.split('\n').map((line) => line.split(' '));
  if (lines.some(([, where = '', type = '']) => /^cgroup2?$/.test(type) && where.startsWith('/sys/fs/cgroup')))
    return [];
  const rows = controllers
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));
  // A hierarchy other than 0: the kernel has bound this controller to version 1, and version 2 would lack it
  // (cgroups(7), /proc/cgroups).
  const bound = rows
    .filter(([, hierarchy, , enabled]) => hierarchy !== '0' && enabled === '1')
    .map(([name = '']) => name);
  if (bound.length === 0) return [['mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']];
  const root = lines.some(([, where, type]) => where === '/sys/fs/cgroup' && type === 'tmpfs')
    ? []
    : [['mount', '-t', 'tmpfs', '-o', 'uid=0,gid=0,mode=0755', 'cgroup', '/sys/fs/cgroup']];
  return [
    ...root,
    ...bound.flatMap((name) => [
      ['mkdir', '-p', `/sys/fs/cgroup/${name}`],
      ['mount', '-t', 'cgroup', '-o', name, 'cgroup', `/sys/fs/cgroup/${name}`],
    ]),
  ];
}

module.exports = { cgroupMounts };
