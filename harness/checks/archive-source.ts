import type { SourceArchive } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookBarman } from './look';
import { SHOWN, type Place } from './place';

/**
 * What the archive held is there byte for byte: a recovery may append to it, never change it. Nothing is taken away
 * either, as no drill of this version has backups expire.
 */
export function sourceFindings(place: Place, server: string, source: SourceArchive | undefined): Finding[] {
  const how = source?.by === 'change time' ? 'untouched: size, inode and change time' : 'byte for byte';
  const expected = `what the archive held before is there, ${how}`;
  if (!source) return [place.unverified(expected, 'nobody noted it before')];
  const { files, bytes, changed, gone, data } = source;
  const home = `/var/lib/barman/${server}`;
  const findings: Finding[] = [];
  if (files === 0) findings.push(place.unverified(expected, 'nothing was noted'));
  if (changed.length > 0) {
    findings.push(
      place.failed(expected, `${changed.length} of ${files} files changed`, [
        ...changed.slice(0, SHOWN),
        lookBarman(`sha256sum ${home}/${changed[0]}`),
      ]),
    );
  }
  if (gone.length > 0) {
    findings.push(
      place.failed(expected, `${gone.length} of ${files} files gone`, [
        ...gone.slice(0, SHOWN),
        lookBarman(`ls -l ${home}/${gone[0]?.replace(/\/[^/]*$/, '')}`),
      ]),
    );
  }
  if (findings.length === 0) findings.push(place.ok(expected, `${files} files, ${bytes} bytes`));
  // By change time the files of the backup are among those compared.
  return source.by === 'change time' ? findings : [...findings, dataFinding(place, home, data)];
}

function dataFinding(place: Place, home: string, data: SourceArchive['data']): Finding {
  const expected = `every data file of backup ${data?.backup ?? '(chosen)'} as its manifest says`;
  if (!data) return place.unverified(expected, 'was not verified');
  if (data.sound) return place.ok(expected, 'all are');
  return place.failed(expected, `${data.problems.length} are not`, [
    ...data.problems.slice(0, SHOWN),
    lookBarman(`pg_verifybackup -n ${home}/base/${data.backup}/data`),
  ]);
}
