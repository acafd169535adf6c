import { parseDynamicConfig } from './dynamic-config';

test('as it is stored', () => {
  const config = { ttl: 20, slots: { barman: { type: 'physical' } }, pause: true };
  expect(parseDynamicConfig(JSON.stringify(config))).toEqual(config);
});

test('no such key › nothing said', () => expect(parseDynamicConfig(undefined)).toEqual({}));

test.each([
  ['{"ttl": 20', /^dynamic configuration "{\\"ttl\\": 20": is not JSON$/],
  ['', /is not JSON$/],
  ['[]', /is no object$/],
  ['null', /is no object$/],
  ['20', /is no object$/],
])('refused › %s', (text, message) => expect(() => parseDynamicConfig(text)).toThrow(message));
