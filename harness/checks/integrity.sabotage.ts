import type { MemberEvidence } from '../record/evidence';
import { sabotage, there } from './spoiled';

const id = 'integrity';
const of = (member: MemberEvidence): NonNullable<MemberEvidence['integrity']> => there(member.integrity, 'integrity');

export const integritySabotages = [
  sabotage('index-left-corrupt', 'an index does not hold every row of its table', { reds: [id] }, ({ replica }) => {
    of(replica).amcheck.errors.push('thai.book.tickets_pkey: heap tuple (12,3) lacks matching index tuple');
  }),
  sabotage('page-left-corrupt', 'a heap page cannot be read', { reds: [id] }, ({ leader }) => {
    of(leader).unreadable.push({
      database: 'thai',
      relation: 'book.tickets',
      error: 'invalid page in block 10 of relation base/16385/16398',
    });
    of(leader).checksumFailures = 1;
  }),
  sabotage('checksum-failure', 'a page failed its checksum since the start', { reds: [id] }, ({ replica }) => {
    of(replica).checksumFailures = 1;
  }),
  sabotage('checksums-off', 'the recovered cluster runs without checksums', { reds: [id] }, ({ members }) => {
    for (const member of members) of(member).checksums = false;
  }),
  sabotage('foreign-key-broken', 'rows point to parents that are not there', { reds: [id] }, ({ leader }) => {
    there(of(leader).foreignKeys, 'foreign keys').violated.push('thai: book.tickets_fkride_fkey');
  }),
  sabotage('amcheck-not-run', 'no relation was checked', { unverified: [id] }, ({ leader }) => {
    of(leader).amcheck = { relations: 0, errors: [] };
  }),
];
