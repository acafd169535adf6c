// @ts-check
'use strict';

/**
 * What an os-release file says (os-release(5)). Pure.
 *
 * @param {string} text
 * @returns {{ name: string, debian: boolean }} `debian`: Debian, Ubuntu or a child of theirs, so apt has docker.io
 */
function releaseOf(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const line of text.split('\n')) {
    const [, key, value] = /^\s*([A-Z_][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values[key] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  const families = [values.ID ?? '', ...(values.ID_LIKE ?? '').split(/\s+/)];
  return {
    name: values.PRETTY_NAME || values.NAME || values.ID || 'an unknown system',
    debian: families.some((family) => family === 'debian' || family === 'ubuntu'),
  };
}

module.exports = { releaseOf };
