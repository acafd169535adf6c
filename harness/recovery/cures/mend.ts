import type { Cure } from '../healing/heal';

/** Undoes what has struck and can be undone: thaws, reconnects, starts again. */
export function mend(): Cure {
  return {
    id: 'mend',
    title: 'undo what struck',
    changes: true,
    async does(context) {
      return (await context.mend?.()) ?? 'nothing to undo';
    },
  };
}
