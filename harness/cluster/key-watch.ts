import type { Etcd3, IDuplexStream, IKeyValue, IWatchRequest, IWatchResponse } from 'etcd3';
import { messageOf, PgdrillError } from '../record/errors';
import { limited, pause, type WaitContext } from '../run/until';

/** A key as it is from one revision of etcd's store on; no value where it is not there. */
export interface KeyState {
  value?: string;
  /** The revision that made it so; for a key that was never there, that of the read (etcd's documentation, "Data model"). */
  revision: string;
}

/** What a watch tells. */
export interface KeyWatchListener {
  /** The key as a read found it: what was before is not known. */
  begun(state: KeyState): void;
  /** The watch goes on where an earlier one ended; what changed in between follows as `missed`. */
  resumed(): void;
  /** @param missed it happened before this watch stood, and is told only now */
  changed(state: KeyState, missed: boolean): void;
  /** A quorum has just answered, and the watch has told everything that the answer shows. */
  alive(): void;
}

/** How often etcd is asked whether it is still there, ms. */
const HEARTBEAT_MS = 1000;

/**
 * Watches one key through one etcd member for as long as that can be trusted.
 *
 * A watch alone is no proof: a member that is frozen, or has no quorum, keeps it open and says nothing. So the key is
 * also read once a second; a read is linearizable, which takes a quorum (etcd's documentation, "KV API guarantees"). A
 * watch that has not told by the next read what the last one showed has ended too.
 * @param after the last state known, to go on from; without it the watch begins anew
 * @returns why it ended, and whether changes since `after` are lost for good, so that the next one has to begin anew
 * @throws PGDRILL_INTERRUPTED
 */
export async function watchKey(
  context: WaitContext,
  client: Etcd3,
  key: string,
  listener: KeyWatchListener,
  after?: KeyState,
): Promise<{ why: string; lost: boolean }> {
  const ended = new AbortController();
  const over = AbortSignal.any([ended.signal, context.signal]);
  let outcome: { why: string; lost: boolean } | undefined;
  const end = (why: string, lost = false) => {
    outcome ??= { why, lost };
    ended.abort();
  };
  let stream: IDuplexStream<IWatchRequest, IWatchResponse> | undefined;
  try {
    const first = await readKey(context, client, key);
    if (after && BigInt(first.storeRevision) < BigInt(after.revision)) {
      return {
        why: `etcd's store was begun anew: revision ${first.storeRevision} after ${after.revision}`,
        lost: true,
      };
    }
    let known = after ?? first.state;
    if (!after) listener.begun(known);
    stream = await limited('etcd key read', context, () => client.watchClient.watch());
    stream.on('data', (response) => {
      if (response.canceled) {
        return end(`etcd ended the watch; its history begins at revision ${response.compact_revision}`, true);
      }
      if (response.created && after) listener.resumed();
      for (const { type, kv } of response.events) {
        known = String(type).toUpperCase() === 'DELETE' ? { revision: kv.mod_revision } : stateOf(kv);
        listener.changed(known, BigInt(kv.mod_revision) <= BigInt(first.storeRevision));
      }
    });
    stream.on('error', (error) => end(messageOf(error)));
    stream.on('end', () => end('etcd closed the watch'));
    stream.write({
      create_request: { key: Buffer.from(key), start_revision: String(BigInt(known.revision) + 1n) },
    });
    for (let differed = false; ;) {
      await pause(HEARTBEAT_MS, over);
      if (over.aborted) break;
      const { state } = await readKey(context, client, key);
      const differs = state.value === undefined ? known.value !== undefined : state.revision !== known.revision;
      // Watch and read are answered side by side: that one is ahead of the other for a moment means nothing.
      if (differs && differed) end('the watch did not tell of a change that a read shows', true);
      else if (!differs) listener.alive();
      differed = differs;
    }
  } catch (error) {
    if (error instanceof PgdrillError && error.code !== 'PGDRILL_DEADLINE') throw error;
    end(error instanceof PgdrillError ? 'no answer, or no quorum' : messageOf(error));
  } finally {
    stream?.cancel();
  }
  return outcome ?? { why: 'the run ended', lost: false };
}

async function readKey(
  context: WaitContext,
  client: Etcd3,
  key: string,
): Promise<{ state: KeyState; storeRevision: string }> {
  const { header, kvs } = await limited('etcd key read', context, () => client.kv.range({ key: Buffer.from(key) }));
  const [kv] = kvs;
  return { state: kv ? stateOf(kv) : { revision: header.revision }, storeRevision: header.revision };
}

function stateOf(kv: IKeyValue): KeyState {
  return { value: kv.value.toString(), revision: kv.mod_revision };
}
