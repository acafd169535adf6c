import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import { ownFolder, ownFolderCommand } from './own-folder';

const home = '/var/lib/barman/main';
const command = `rsync -a %p barman:${home}/incoming/%f`;

describe('ownFolderCommand', () => {
  const expanded = (keeper: string) =>
    execFileSync('sh', ['-c', `echo ${ownFolderCommand(command, home, keeper)}`], { encoding: 'utf8' }).trim();

  test('the keeper archives as before', () => expect(expanded(hostname())).toBe(command));

  test('every other member archives to its own folder', () => {
    expect(expanded('somebody-else')).toBe(`rsync -a %p barman:${ownFolder(home, hostname())}/incoming/%f`);
  });

  test('a command that does not name the folder is left alone', () => {
    expect(ownFolderCommand('barman-wal-archive barman main %p', home, 'db1')).toBeUndefined();
  });
});
