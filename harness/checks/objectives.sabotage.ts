import { sabotage, there } from './spoiled';

export const objectivesSabotages = [
  sabotage('too-slow', 'the recovery took longer than promised', { reds: ['objectives'] }, ({ evidence, episode }) => {
    evidence.run.objectives.rtoFullMs = there(episode.rtoFullMs, 'measured rtoFull') - 1;
  }),
  sabotage(
    'not-measured',
    'a limit is given, and nothing was measured',
    { unverified: ['objectives'] },
    ({ evidence, episode }) => {
      there(episode.rtoWritesMs, 'time until writes');
      evidence.run.objectives.rtoWritesMs = 60_000;
      delete episode.rtoWritesMs;
    },
  ),
];
