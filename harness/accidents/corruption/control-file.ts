import { z } from 'zod';
import { defineAccident } from '../define-accident';

export const controlFile = defineAccident({
  name: 'control-file',
  family: 'corruption',
  title: 'control file removed',
  does: 'global/pg_control is removed under the running server, which goes on until it has to write it: the next checkpoint ends it ("PANIC: could not open file global/pg_control"), and it does not start again.',
  strikes: ['leader', 'replica'],
  options: z.object({}),
  proof: 'there is no control file, and the server’s own function says that it cannot read it',
  undone: 'not: the member is copied anew from another one',
  neverTouches: 'other files, other members, the WAL',
  async strike({ deal }, { nodes: [node] }) {
    const file = `${node!.dataDir}/global/pg_control`;
    await deal(() => node!.exec(['rm', '-f', file]));
    const { exitCode } = await node!.exec(['test', '-e', file], { check: false });
    const said = await node!
      .value('SELECT count(*) FROM pg_control_checkpoint()')
      .catch((error: Error) => error.message);
    return {
      proof: {
        took: exitCode !== 0 && /could not open file .*pg_control/.test(said),
        expected: `no global/pg_control on ${node!.name}, and its server misses it`,
        found: `${exitCode === 0 ? 'it is there' : 'it is gone'}; the server: ${said}`,
      },
    };
  },
});
