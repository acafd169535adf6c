import { until } from '../../run/until';
import type { Cure } from '../healing/heal';
import { quarantineFolder, setAside } from '../quarantine';

/**
 * Puts aside what a timeline that nobody is on has left in Barman's archive: its history file first of all. The next promotion
 * of the cluster takes the same number; it could not archive its own then ("File moved to errors directory"), and a recovery
 * would follow a history that nobody has.
 * @param noted under which name the incident has the timeline's number
 */
export function forgetTimeline(noted: string): Cure {
  return {
    id: 'forget-timeline',
    title: 'put aside what a timeline that nobody is on has archived',
    changes: true,
    async does({ run, cluster, incident }) {
      const { barman } = cluster;
      const timeline = Number(incident.noted?.[noted]);
      const digits = timeline.toString(16).toUpperCase().padStart(8, '0');
      await cluster.awaitStreaming('members rejoined');
      // What the member had begun to archive is on its way until its archiver is gone, and Barman's cron moves it on.
      await barman.exec(['supervisorctl', 'stop', 'cron'], { check: false });
      const folder = quarantineFolder(barman, run.id);
      const files = await setAside(barman, [timeline], folder);
      await barman.exec(['supervisorctl', 'start', 'cron'], { check: false });
      await until('segment archived', run, async () => {
        const { stdout } = await barman.exec([
          'find',
          barman.home,
          '-name',
          `${digits}*`,
          '-not',
          '-path',
          `${folder}/*`,
        ]);
        return stdout.trim() === '';
      });
      return `timeline ${timeline}: ${files} files put aside in ${folder}`;
    },
  };
}
