/** How much of an unreadable text is shown in the message; the whole of it stays in `text`. */
const SHOWN_CHARACTERS = 120;

/**
 * A text that is not what its format says. This room imports nothing, so callers that report to a person wrap it in an
 * error with a code of their own, this one as its cause.
 */
export class FormatError extends Error {
  /**
   * @param format what the text was read as, e.g. `LSN`
   * @param text the text as it came
   * @param reason why it was refused
   */
  constructor(
    readonly format: string,
    readonly text: string,
    readonly reason: string,
  ) {
    const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
    super(`${format} ${JSON.stringify(shown)}: ${reason}`);
    this.name = 'FormatError';
  }
}
