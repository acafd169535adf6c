import { chooseNode } from './choose-node';
import type { MemberFacts } from './facts';
import { refusalOf, sampleFacts, sampleMember } from './sample-facts';

const leader = sampleMember('db1', { leader: true });
const choose = (members: MemberFacts[], asked?: string) => chooseNode(asked, sampleFacts({ members })).name;

describe('node of a recovery', () => {
  test('none asked for › the first replica that is fit, not the leader', () => {
    expect(choose([leader, sampleMember('db2'), sampleMember('db3')])).toBe('db2');
    expect(choose([sampleMember('db2', { running: false }), leader, sampleMember('db3')])).toBe('db3');
    expect(choose([leader, sampleMember('db2', { nofailover: true }), sampleMember('db3')])).toBe('db3');
  });

  test('none asked for, no replica is fit › the leader', () => {
    expect(choose([leader])).toBe('db1');
    expect(choose([leader, sampleMember('db2', { running: false })])).toBe('db1');
  });

  test('asked for › taken, the leader too', () => {
    const members = [leader, sampleMember('db2'), sampleMember('db3')];
    expect(choose(members, 'db3')).toBe('db3');
    expect(choose(members, 'db1')).toBe('db1');
  });

  test('asked for and unknown › refused, with the names there are', () => {
    const error = refusalOf(() => choose([leader, sampleMember('db2')], 'db9'));
    expect(error.code).toBe('PGDRILL_UNKNOWN_MEMBER');
    expect(error.what).toContain('"db9"');
    expect(error.cure).toContain('db1, db2');
  });

  test('asked for and unfit › refused with the reason', () => {
    const stopped = refusalOf(() => choose([leader, sampleMember('db2', { running: false })], 'db2'));
    const tagged = refusalOf(() => choose([leader, sampleMember('db2', { nofailover: true })], 'db2'));
    expect([stopped.code, tagged.code]).toEqual(['PGDRILL_NODE_UNFIT', 'PGDRILL_NODE_UNFIT']);
    expect(stopped.what).toContain('does not run');
    expect(tagged.what).toContain('nofailover');
  });

  test('nobody is fit › refused', () => {
    const error = refusalOf(() => choose([{ ...leader, running: false }, sampleMember('db2', { nofailover: true })]));
    expect(error.code).toBe('PGDRILL_NODE_UNFIT');
    expect(error.what).toContain('db1, db2');
  });
});
