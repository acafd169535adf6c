import path from 'node:path';

/** One mount of a container, as the engine lists it. */
export interface Mount {
  /** Path on the machine of the engine. */
  Source: string;
  /** Path in the container. */
  Destination: string;
  RW: boolean;
}

/**
 * Where one container sees a folder of another one, through a volume or folder of the machine that both mount.
 * @param folder path in the first container
 * @param own mounts of the first container
 * @param other mounts of the second one
 * @returns the path in the second container; undefined where it does not see the folder, or may not write there
 */
export function sharedPath(folder: string, own: readonly Mount[], other: readonly Mount[]): string | undefined {
  const source = below(folder, own, ({ Destination }) => Destination);
  if (!source) return undefined;
  const real = path.posix.join(source.mount.Source, source.rest);
  const there = below(real, other, ({ Source }) => Source);
  if (!there?.mount.RW) return undefined;
  const seen = path.posix.join(there.mount.Destination, there.rest);
  // Something else may be mounted over it there.
  return below(seen, other, ({ Destination }) => Destination)?.mount === there.mount ? seen : undefined;
}

/** The mount that a path lies in, the innermost, and the rest of the path. */
function below(
  folder: string,
  mounts: readonly Mount[],
  of: (mount: Mount) => string,
): { mount: Mount; rest: string } | undefined {
  const holding = mounts.filter((mount) => mount.Source !== '' && isWithin(folder, of(mount)));
  const [mount] = holding.sort((a, b) => of(b).length - of(a).length);
  return mount && { mount, rest: path.posix.relative(of(mount), folder) };
}

function isWithin(folder: string, parent: string): boolean {
  const rest = path.posix.relative(parent, folder);
  return rest !== '..' && !rest.startsWith('../');
}
