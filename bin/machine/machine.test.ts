import { cgroupMounts } from './cgroups.cjs';
import { needOf } from './commands.cjs';
import { refusal } from './install.cjs';
import { isStalePid } from './leftovers.cjs';
import { releaseOf } from './release.cjs';

describe('command', () => {
  it.each([
    ['run', 'install'],
    ['run delete-without-where --keep', 'install'],
    ['up', 'install'],
    ['images build', 'install'],
    ['test', 'install'],
    ['test unit engine', 'install'],
    ['test unit', 'nothing'],
    ['enter db1', 'find'],
    ['logs', 'find'],
    ['down --all', 'find'],
    ['doctor', 'look'],
    ['list', 'nothing'],
    ['check latest', 'nothing'],
    ['report', 'nothing'],
    ['sabotage', 'install'],
    ['sabotage --live', 'install'],
    ['sabotage --evidence --live', 'install'],
    ['sabotage --evidence --json', 'nothing'],
    ['sabotage --list', 'nothing'],
    ['help run', 'nothing'],
    ['run --help', 'nothing'],
    ['--version', 'nothing'],
    ['rum', 'nothing'],
    ['constructor', 'nothing'],
    ['', 'nothing'],
    ['enter db1 -- psql --version', 'find'],
  ])('%s needs: %s', (line, need) => expect(needOf(line.split(' ').filter(Boolean))).toBe(need));
});

describe('release', () => {
  it.each([
    ['ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', 'Debian GNU/Linux 12 (bookworm)', true],
    ["NAME='Ubuntu'\nID=ubuntu\nID_LIKE=debian", 'Ubuntu', true],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'linuxmint', true],
    ['# ID=debian\nID="rocky"\nID_LIKE="rhel centos fedora"', 'rocky', false],
    ['ID=notdebian', 'notdebian', false],
    ['', 'an unknown system', false],
  ])('reads %j', (text, name, debian) => expect(releaseOf(text)).toEqual({ name, debian }));
});

describe('refusal to install', () => {
  const none = { failure: 'PGDRILL_ENGINE_NONE', what: 'none', cure: 'install' } as const;
  const facts = {
    forbidden: false,
    uid: 0,
    release: { name: 'Debian', debian: true },
    present: false,
    systemd: false,
  };

  it('allows root on Debian', () => expect(refusal(none, facts)).toBeNull());

  it.each([
    ['a user', { uid: 1000 }, 'only root', 'apt-get install -y docker.io'],
    ['PGDRILL_NO_INSTALL=1', { forbidden: true }, 'PGDRILL_NO_INSTALL=1 forbids to install it', 'dockerd >'],
    ['the same with systemd', { forbidden: true, systemd: true }, 'forbids', 'systemctl start docker'],
    ['one that is installed', { forbidden: true, present: true }, 'forbids to start it', 'as root: dockerd'],
    ['another system', { release: { name: 'Rocky Linux 9', debian: false } }, 'Rocky Linux 9', 'instructions'],
  ])('refuses %s and says what to type', (_, change, what, cure) => {
    const error = refusal(none, { ...facts, ...change });
    expect(error).toMatchObject({ code: 'PGDRILL_ENGINE_NONE', exit: 2 });
    expect(error?.lines()).toMatch(/^pgdrill: PGDRILL_ENGINE_NONE: none; .*\n {2}what to do: .*$/);
    expect(error?.message).toContain(what);
    expect(error?.cure).toContain(cure);
  });

  it('never replaces an engine that was chosen, or one that may not be opened', () => {
    for (const failure of ['PGDRILL_ENGINE_DEAD_HOST', 'PGDRILL_ENGINE_PERMISSION'] as const) {
      expect(refusal({ failure, what: 'w', cure: 'c' }, facts)).toMatchObject({
        code: failure,
        message: 'w',
        cure: 'c',
      });
    }
  });
});

describe('pid file', () => {
  const names = (pid: number) => ({ 10: 'dockerd', 11: 'sleep' })[pid] ?? null;

  it.each([
    ['10\n', false],
    ['11', true],
    ['12', true],
    ['', true],
    ['junk', true],
    ['-1', true],
  ])('%j of dockerd is stale: %s', (text, stale) => expect(isStalePid(text, 'dockerd', names)).toBe(stale));
});

describe('control groups', () => {
  const header = '#subsys_name\thierarchy\tnum_cgroups\tenabled\n';
  const version2 = `${header}cpu\t0\t1\t1\nmemory\t0\t1\t1\n`;
  const version1 = `${header}cpu\t3\t1\t1\nmemory\t4\t1\t1\nrdma\t5\t1\t0\n`;

  it('are left alone where something mounted them', () => {
    expect(cgroupMounts('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n', version2)).toEqual([]);
    expect(cgroupMounts('cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n', version1)).toEqual([]);
  });

  it('are mounted as version 2 where no controller is bound to version 1', () => {
    expect(cgroupMounts('proc /proc proc rw 0 0\n', version2)).toEqual([
      ['mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup'],
    ]);
  });

  it('are mounted one by one where the kernel has bound them to version 1', () => {
    expect(cgroupMounts('', version1)).toEqual([
      ['mount', '-t', 'tmpfs', '-o', 'uid=0,gid=0,mode=0755', 'cgroup', '/sys/fs/cgroup'],
      ['mkdir', '-p', '/sys/fs/cgroup/cpu'],
      ['mount', '-t', 'cgroup', '-o', 'cpu', 'cgroup', '/sys/fs/cgroup/cpu'],
      ['mkdir', '-p', '/sys/fs/cgroup/memory'],
      ['mount', '-t', 'cgroup', '-o', 'memory', 'cgroup', '/sys/fs/cgroup/memory'],
    ]);
    expect(cgroupMounts('cgroup /sys/fs/cgroup tmpfs rw 0 0', version1)).toHaveLength(4);
  });
});
