import { cutText, rowText } from './row';

describe('row', () => {
  const layout = { width: 60, cut: true, nameColumn: 10, drillColumn: 0 };

  it('puts the duration at the right', () => {
    const line = rowText({ name: 'boot', text: 'up', durationMs: 7900 }, layout);
    expect(line).toHaveLength(60);
    expect(line).toMatch(/^boot {7}up +7\.9 s$/);
  });

  it('cuts a text that is too long, or lets it push the duration', () => {
    const row = { name: 'boot', text: 'x'.repeat(80), durationMs: 7900 };
    expect(rowText(row, layout)).toMatch(/^boot {7}x+… +7\.9 s$/);
    expect(rowText(row, { ...layout, cut: false })).toMatch(/^boot {7}x{80} +7\.9 s$/);
  });

  it('lets no control character through to a terminal', () => {
    expect(cutText('a\u001b[31m\r\nb', 20)).toBe('a [31m; b');
  });
});
