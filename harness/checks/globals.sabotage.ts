import type { Globals } from '../record/fingerprint';
import { sabotage, there, type Spoiled } from './spoiled';

const id = 'globals';

const all = ({ members }: Spoiled): Globals[] => members.map((member) => there(member.globals, 'roles'));

/** The first of a kind by name. */
function first(entries: Record<string, string> | undefined, what: string): string {
  return there(Object.keys(entries ?? {}).sort()[0], what);
}

export const globalsSabotages = [
  sabotage('role-lost', 'a role is not there any more', { reds: [id] }, (spoiled) => {
    for (const { roles } of all(spoiled)) delete roles[first(roles, 'role')];
  }),
  sabotage('old-password-came-back', 'a role has another password', { reds: [id] }, (spoiled) => {
    for (const { roles } of all(spoiled)) {
      const name = first(roles, 'role');
      roles[name] = `${roles[name]?.replace(/, password .*/, '')}, password 0000000000000000`;
    }
  }),
  sabotage(
    'attribute-beside-password',
    'a role whose password was set anew has a right more',
    { reds: [id] },
    (spoiled) => {
      for (const { roles } of all(spoiled)) {
        const name = first(roles, 'role');
        spoiled.recovery.passwordsSet = [name];
        roles[name] = `superuser, ${roles[name]}`;
      }
    },
  ),
  sabotage('membership-came-back', 'a role is a superuser that was none', { reds: [id] }, (spoiled) => {
    for (const { roles } of all(spoiled)) {
      const name = first(roles, 'role');
      roles[name] = `superuser, ${roles[name]}`;
    }
  }),
  sabotage('tablespace-lost', 'a tablespace is not there on a replica', { reds: [id] }, ({ replica }) => {
    const { tablespaces } = there(replica.globals, 'tablespaces');
    delete tablespaces[first(tablespaces, 'tablespace')];
  }),
  sabotage('setting-came-back', 'a database has a setting that it had not', { reds: [id] }, (spoiled) => {
    for (const { settings } of all(spoiled)) settings['*/zombie'] = '0000000000000000';
  }),
  sabotage('database-changed-hands', 'a database has another owner', { reds: [id] }, (spoiled) => {
    for (const { databases } of all(spoiled)) {
      const known = there(databases, 'attributes of databases');
      known[first(known, 'database')] = 'owner zombie';
    }
  }),
  sabotage('globals-not-noted', 'nobody noted the roles before the accident', { unverified: [id] }, ({ cluster }) => {
    delete cluster.globalsBefore;
  }),
  sabotage('globals-not-read', 'nobody read the roles of a replica', { unverified: [id] }, ({ replica }) => {
    delete replica.globals;
  }),
];
