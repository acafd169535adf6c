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
      block: 10,
      error: 'XX001: invalid page in block 10 of relation base/16385/16398',
    });
    of(leader).checksumFailures = 1;
  }),
  sabotage('toast-left-corrupt', 'a page of a TOAST table cannot be read on a replica', { reds: [id] }, (at) => {
    of(at.replica).unreadable.push({
      database: 'thai',
      relation: 'pg_toast.pg_toast_16398',
      of: 'book.tickets',
      block: 0,
      error: 'XX001: invalid page in block 0 of relation base/16385/16401',
    });
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
  sabotage('index-left-invalid', 'an index was never built to its end', { reds: [id] }, ({ leader }) => {
    of(leader).invalidIndexes = ['thai: book.tickets_fio_idx of book.tickets: not valid'];
  }),
  sabotage(
    'collation-left-other',
    'an index goes by a collation of another version than its library has',
    { reds: [id] },
    ({ leader }) => {
      of(leader).otherCollations = ['thai: pg_catalog."th-x-icu": 1.0 in the catalogue, 153.120 in its library'];
    },
  ),
  sabotage('relation-not-read', 'a lock stood in the way of one relation', { unverified: [id] }, ({ replica }) => {
    of(replica).notRead = [
      { database: 'thai', relation: 'book.tickets', why: '55P03: canceling statement due to lock timeout' },
    ];
  }),
  sabotage('indexes-not-asked', 'nobody asked which indexes are valid', { unverified: [id] }, ({ replica }) => {
    delete of(replica).invalidIndexes;
  }),
  sabotage('integrity-not-read', 'the integrity of one member could not be read', { unverified: [id] }, (at) => {
    delete at.replica.integrity;
    at.replica.unread = { integrity: 'PGDRILL_DEADLINE: "evidence gathered" did not come about within 1800.0 s' };
  }),
  sabotage('amcheck-not-run', 'no relation was checked', { unverified: [id] }, ({ leader }) => {
    of(leader).amcheck = { relations: 0, errors: [] };
  }),
];
