import { z } from 'zod';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';
import { victimsNamed } from '../victims';

export const freezeMember = defineAccident({
  name: 'freeze-member',
  family: 'failover',
  title: 'member frozen',
  does: 'All processes of a member frozen by the engine (cgroup freezer): a virtual machine that is paused. Its connections stay open and nothing answers; thawed, it goes on as if no time had passed, before Patroni has looked at the clock.',
  strikes: ['leader', 'replica'],
  options: z.object({}),
  proof: 'the engine has it as paused, and neither Patroni nor PostgreSQL answers, though connections are taken',
  undone: 'it is thawed',
  neverTouches: 'its processes and files, other containers',
  twoWriters: true,
  stopsWrites: true,
  async strike({ deal }, { nodes: [node], containers: [container] }) {
    await deal(() => container!.pause());
    const struckAt = nowText();
    const { State } = await container!.inspect();
    const [patroni, postgres] = await Promise.all([node!.restStatus('/health'), node!.inRecovery()]);
    const answers = [
      ...(State.Paused ? [] : ['it is not paused']),
      ...(patroni === undefined ? [] : ['Patroni answers']),
      ...(postgres === undefined ? [] : ['PostgreSQL answers']),
    ];
    return {
      struckAt,
      proof: {
        took: answers.length === 0,
        expected: `${node!.name} frozen`,
        found: answers.length === 0 ? 'paused, nothing answers' : answers.join(', '),
      },
    };
  },
  async undo({ cluster, struck }) {
    for (const container of victimsNamed(cluster, 'leader', struck).containers) await container.unpause();
    return `${struck.join(', ')} thawed`;
  },
});
