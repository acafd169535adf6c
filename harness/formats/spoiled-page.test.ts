import { pageChecksum, storedChecksum, withChecksum } from './page-checksum';
import { heapPage } from './sample-pages';
import { pageParts, spoiledPage } from './spoiled-page';

const sound = withChecksum(heapPage, 7);

describe('spoiled page', () => {
  it.each(pageParts)('%s › is another page, and the given one is as it was', (part) => {
    const before = Buffer.from(sound);
    const spoiled = spoiledPage(sound, part);
    expect(sound.equals(before)).toBe(true);
    expect(spoiled).toHaveLength(sound.length);
    expect(spoiled.equals(sound)).toBe(false);
  });

  it.each(pageParts.filter((part) => part !== 'zeroed'))('%s › its checksum tells', (part) => {
    const spoiled = spoiledPage(sound, part);
    expect(storedChecksum(spoiled)).toBe(storedChecksum(sound));
    expect(pageChecksum(spoiled, 7)).not.toBe(storedChecksum(spoiled));
  });

  it('zeroed › as a page that was never written', () => {
    expect(spoiledPage(sound, 'zeroed').every((byte) => byte === 0)).toBe(true);
  });

  it('torn › the first half is as it was', () => {
    expect(spoiledPage(sound, 'torn').subarray(0, 4096).equals(sound.subarray(0, 4096))).toBe(true);
  });
});
