import { startsOf } from './publisher';

test('when a slot was consumed › from the publisher’s log, of that slot only', () => {
  const log = [
    '2026-11-21 12:34:13.721 UTC LOG:  received replication command: IDENTIFY_SYSTEM',
    '2026-11-21 12:34:13.722 UTC LOG:  received replication command: START_REPLICATION SLOT "inbox" LOGICAL 0/0 (proto_version \'3\')',
    '2026-11-21 12:34:14.000 UTC STATEMENT:  START_REPLICATION SLOT "other" LOGICAL 0/0 (proto_version \'3\')',
  ].join('\n');
  expect(startsOf(log, 'inbox')).toEqual([Date.UTC(2026, 10, 21, 12, 34, 13, 722)]);
  expect(startsOf(log, 'none')).toEqual([]);
});
