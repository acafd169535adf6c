import { EventEmitter } from 'node:events';
import { hasColour, openScreen, speaksUtf8 } from './screen';

class Sink extends EventEmitter {
  text = '';
  isTTY = false;
  write(chunk: string): boolean {
    this.text += chunk;
    return true;
  }
}

function screenFor(env: Record<string, string>, isTTY = false) {
  const out = Object.assign(new Sink(), { isTTY, columns: 90, rows: 30 });
  const err = new Sink();
  return { out, err, screen: openScreen(env, out as never, err as never) };
}

describe('screen', () => {
  it.each([
    [{ LANG: 'C.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false],
  ])('speaksUtf8 › %j is %s', (env, expected) => expect(speaksUtf8(env)).toBe(expected));

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('hasColour › %j on a terminal (%s) is %s', (env, terminal, expected) => {
    expect(hasColour(env, terminal)).toBe(expected);
  });

  it('is live on a terminal, and not in CI or on a dumb one', () => {
    expect(screenFor({ TERM: 'xterm' }, true).screen.live).toBe(true);
    expect(screenFor({ TERM: 'xterm', CI: 'true' }, true).screen.live).toBe(false);
    expect(screenFor({ TERM: 'dumb' }, true).screen.live).toBe(false);
    expect(screenFor({ TERM: 'xterm' }).screen.live).toBe(false);
  });

  it('knows a width only of a terminal', () => {
    expect(screenFor({}, true).screen.width).toBe(90);
    expect(screenFor({}).screen.width).toBeUndefined();
  });

  it('falls back to ASCII for people, never for data', () => {
    const { screen, out } = screenFor({ LANG: 'C' });
    screen.print('✓ done …');
    screen.data('{"text":"✓"}\n');
    expect(out.text).toBe('+ done ...\n{"text":"✓"}\n');
  });

  it('tells once when the reader of its output has gone, and writes no more', () => {
    const { screen, out, err } = screenFor({});
    let told = 0;
    screen.onClosed(() => (told += 1));
    const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    out.emit('error', closed);
    out.emit('error', closed);
    err.emit('error', closed);
    screen.print('more');
    expect([told, out.text]).toEqual([1, '']);
  });
});
