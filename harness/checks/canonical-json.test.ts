import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  test('keys › are sorted at every depth, lists keep their order', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }, 2], a: 'x' })).toBe(
      '{\n  "a": "x",\n  "b": [\n    {\n      "a": null,\n      "z": 1\n    },\n    2\n  ]\n}\n',
    );
  });

  test('undefined › is left out, so that it reads back as it was written', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{\n  "b": 1\n}\n');
  });
});
