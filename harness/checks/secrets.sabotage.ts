import { sabotage, there } from './spoiled';

const id = 'secrets';

export const secretsSabotages = [
  sabotage('password-in-log', 'a password of the run stands in the log of a member', { reds: [id] }, ({ evidence }) => {
    there(evidence.secrets, 'search for secrets').found.push({
      secret: 'superuser password',
      where: 'log of db1',
      line: 4711,
    });
  }),
  sabotage('log-not-searched', 'the log of a member could not be read', { unverified: [id] }, ({ evidence }) => {
    there(evidence.secrets, 'search for secrets').unsearched = [
      { where: 'log of db2', why: 'the engine did not answer' },
    ];
  }),
  sabotage('secrets-not-searched', 'nobody looked for secrets', { unverified: [id] }, ({ evidence }) => {
    delete evidence.secrets;
  }),
];
