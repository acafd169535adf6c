/** Shorter than this, an encoded form would be found by chance. Made secrets have 24 characters (144 bits). */
const ENCODED_FROM = 12;
/** A line of a key's text is looked for by itself from this length on. */
const LINE_FROM = 20;

/**
 * The texts by which a secret shows: itself, each line of one that has several, and what programs commonly make of it:
 * in JSON, in SQL quotes, URL-encoded (RFC 3986), in hexadecimal digits, and in Base64 (RFC 4648, both alphabets) at each
 * of the three places that it can have in the text that was encoded (`user:password` in an Authorization header).
 */
export function secretForms(value: string): string[] {
  const lines = value.split('\n').map((line) => line.trim());
  const forms = [
    value,
    ...(lines.length > 1 ? lines.filter((line) => line.length >= LINE_FROM && !line.startsWith('-----')) : []),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("'", "''"),
    ...(value.length < ENCODED_FROM ? [] : encoded(value)),
  ];
  return [...new Set(forms)];
}

function encoded(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((before) => base64Within(bytes, before));
  return [
    encodeURIComponent(value),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Those digits of a longer text's Base64 that its bytes alone decide, with so many bytes (modulo 3) before them. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const bits = 8 * (before + bytes.length);
  return text.slice(Math.ceil((8 * before) / 6), Math.floor(bits / 6));
}
