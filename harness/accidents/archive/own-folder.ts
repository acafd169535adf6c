/** Pure: an archive_command as it is when each host has a Barman server of its own. */

/**
 * The command with Barman's folder replaced by one of the member's own, except on one member.
 * @param home Barman's folder of the server, `/var/lib/barman/main`
 * @param keeper the member that archives as before
 * @returns undefined where the command does not name the folder
 */
export function ownFolderCommand(command: string, home: string, keeper: string): string | undefined {
  if (!command.includes(`${home}/`)) return undefined;
  return command.replaceAll(`${home}/`, `${home}$([ "$(uname -n)" = ${keeper} ] || echo "-$(uname -n)")/`);
}

/** The folder in which a member's segments arrive then. */
export function ownFolder(home: string, member: string): string {
  return `${home}-${member}`;
}
