import { sabotage, there } from './spoiled';

export const accidentSabotages = [
  sabotage('accident-never-fired', 'the accident did not take effect', { unverified: ['accident'] }, ({ episode }) => {
    const { proof } = there(episode.incident, 'accident');
    proof.took = false;
    proof.found = 'everything as it was';
  }),
  sabotage('accident-not-recorded', 'nothing tells of an accident', { unverified: ['accident'] }, ({ episode }) => {
    there(episode.incident, 'accident');
    delete episode.incident;
  }),
];
