import { PgdrillError } from '../record/errors';
import { labels as labelNames } from '../run/ids';
import type { Engine } from './connect';
import { creating } from './creations';
import { engineFailure } from './failures';
import { labelsOf } from './ownership';

/**
 * Makes a named volume and returns its name.
 * @param driverOptions of the local driver, e.g. `{ type: 'tmpfs', device: 'tmpfs', o: 'size=64m' }` for one that fills
 * @throws PGDRILL_VOLUME when the name is taken by another run: the engine would hand that volume out without a word
 */
export async function createVolume(
  engine: Engine,
  run: string,
  name: string,
  labels: Record<string, string> = {},
  driverOptions?: Record<string, string>,
): Promise<string> {
  const wanted = { Name: name, Driver: 'local', Labels: labelsOf(run, labels), DriverOpts: driverOptions };
  try {
    await creating(run, engine.docker.createVolume(wanted));
    const { Labels } = await engine.docker.getVolume(name).inspect();
    if (Labels?.[labelNames.run] === run) return name;
  } catch (error) {
    throw engineFailure(error, `the volume ${name} was made`);
  }
  throw new PgdrillError('PGDRILL_VOLUME', `there is a volume ${name} already, of another run`, 'remove it');
}
