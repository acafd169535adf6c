import { confirm, type Confirmation } from './confirm';

const nobody = { present: false, ask: () => Promise.reject(new Error('nobody is there')) };
const answering = (answer: string) => ({ present: true, ask: () => Promise.resolve(answer) });
const ours: Confirmation = { scope: 'main', foreign: false, mode: 'cluster', what: 'recover main', yes: false };
const foreign: Confirmation = { ...ours, foreign: true, mode: 'apply' };
const refused = { code: 'PGDRILL_NOT_CONFIRMED' };

describe('confirmation', () => {
  it('a cluster that pgdrill did not boot › needs its name, or --yes', async () => {
    await expect(confirm(nobody, foreign)).rejects.toMatchObject(refused);
    await expect(confirm(answering('y'), foreign)).rejects.toMatchObject(refused);
    await confirm(answering('main'), foreign);
    await confirm(nobody, { ...foreign, yes: true });
  });

  it('one of ours › is asked about where its leader changes and somebody is there', async () => {
    await confirm(nobody, ours);
    await confirm(answering('yes'), ours);
    await confirm(answering('n'), { ...ours, mode: 'restore' });
    await expect(confirm(answering(''), ours)).rejects.toMatchObject({
      ...refused,
      what: 'not confirmed: the answer was no',
    });
  });
});
