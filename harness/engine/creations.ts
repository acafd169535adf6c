const underway = new Map<string, Set<Promise<unknown>>>();

/**
 * Notes that something of a run is being created. An interrupt ends the waiting for a creation, not the creation: the
 * engine has been asked already, and what comes of it has to be waited for before it can be removed.
 */
export function creating<T>(run: string, creation: Promise<T>): Promise<T> {
  const ofRun = underway.get(run) ?? new Set();
  underway.set(run, ofRun.add(creation));
  const over = () => {
    ofRun.delete(creation);
    if (ofRun.size === 0 && underway.get(run) === ofRun) underway.delete(run);
  };
  creation.then(over, over);
  return creation;
}

/**
 * Waits until nothing of a run is being created by this process.
 * @returns whether there was something to wait for
 */
export async function creationsEnded(run: string): Promise<boolean> {
  let waited = false;
  for (let ofRun = underway.get(run); ofRun; ofRun = underway.get(run)) {
    waited = true;
    await Promise.allSettled(ofRun);
  }
  return waited;
}
