import { killPostmaster } from '../accidents/failover/kill-postmaster';
import { heal, type Cure } from '../recovery/healing/heal';
import { leavingOut, variantOf } from './leave-out';
import { defineDrill } from './spec';

const cure = (id: string, changes: boolean): Cure => ({ id, title: id, changes, does: () => Promise.resolve('done') });
const drill = defineDrill({
  id: 'two-cures',
  title: 'two cures',
  accident: killPostmaster(),
  recovery: heal({ title: 'by hand', cures: [cure('look', false), cure('mend', true)] }),
});

describe('cures left out', () => {
  test('none › the drill as it is', () => {
    expect(leavingOut(drill, [])).toBe(drill);
  });

  test('one › the others are left, and the drill is another', () => {
    const left = leavingOut(drill, ['mend']).episodes[0].recovery;
    expect(left.cures?.map(({ id }) => id)).toEqual(['look']);
    expect(drill.episodes[0].recovery.cures?.map(({ id }) => id)).toEqual(['look', 'mend']);
  });

  test.each([
    ['a cure that it has not', drill, 'reinit', /no cure reinit .*its cures: look, mend/],
    [
      'a recovery that is not made of cures',
      defineDrill({ ...drill, accident: killPostmaster(), recovery: () => Promise.reject(new Error('no')) }),
      'mend',
      /no cure mend .*not made of cures/,
    ],
  ])('%s › is refused, with those that there are', (_name, of, id, words) => {
    expect(() => leavingOut(of, [id])).toThrow(expect.objectContaining({ code: 'PGDRILL_CURE_UNKNOWN' }));
    let said = '';
    try {
      leavingOut(of, [id]);
    } catch (error) {
      const { what, cure: todo } = error as { what: string; cure: string };
      said = `${what}; ${todo}`;
    }
    expect(said).toMatch(words);
  });
});

describe('a variant', () => {
  test('nothing asked › the drill as it is', () => {
    expect(variantOf(drill, {})).toBe(drill);
  });

  test('a cure left out › the title says so', () => {
    const variant = variantOf(drill, { without: ['mend'] });
    expect(variant).toMatchObject({ id: 'two-cures', title: 'two cures; without mend' });
    expect(variant.episodes[0].expect).toEqual(drill.episodes[0].expect);
  });

  test('as a sabotage › a name of its own, and expected red', () => {
    const variant = variantOf(drill, { without: ['mend'], expectRed: true });
    expect(variant.id).toBe('two-cures-without-mend');
    expect(variant.episodes[0].expect).toEqual({ kind: 'red' });
    expect(variant.episodes[0].recovery.cures?.map(({ id }) => id)).toEqual(['look']);
  });
});
