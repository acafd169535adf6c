import { GenericContainer, type WaitStrategy } from 'testcontainers';
import type { ContainerSpec } from './start';

/** Ready at once: see startContainer for why pgdrill awaits readiness itself. */
const nothing: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => nothing,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/** What testcontainers is told of a container; the hooks set what its builder has no word for. */
export class DescribedContainer extends GenericContainer {
  /**
   * @param labels of run and owner
   * @param whenCreated called with its id, files in, just before it is started
   */
  constructor(
    private readonly spec: ContainerSpec,
    labels: Record<string, string>,
    private readonly whenCreated: (id: string) => void,
  ) {
    super(spec.image);
    this.withName(spec.name)
      .withHostname(spec.hostname)
      .withLabels(labels)
      .withEnvironment(spec.environment ?? {})
      .withNetworkMode(spec.network)
      .withBindMounts(
        spec.volumes.map(({ volume, target, readOnly }) => ({ source: volume, target, mode: readOnly ? 'ro' : 'rw' })),
      )
      .withTmpFs(spec.tmpfs ?? {})
      .withAddedCapabilities(...(spec.capAdd ?? []))
      // No reaper's label: cleaning up goes by the run's.
      .withAutoCleanup(false)
      .withWaitStrategy(nothing);
    if (spec.files.length > 0) {
      this.withCopyContentToContainer(spec.files.map(({ target, content, mode }) => ({ target, content, mode })));
    }
    if (spec.command) this.withCommand(spec.command);
    if (spec.entrypoint) this.withEntrypoint(spec.entrypoint);
    if (spec.shmBytes !== undefined) this.withSharedMemorySize(spec.shmBytes);
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const { ports, network, aliases, memoryBytes, stopTimeoutSeconds, deviceRules, mayMount } = this.spec;
    this.createOpts.ExposedPorts = Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}]));
    this.hostConfig.PortBindings = Object.fromEntries(
      ports.map((port) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    );
    // withNetworkAliases would leave the container on the default bridge as well: cut from its network it would still
    // reach the others.
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: aliases } } };
    if (deviceRules) Object.assign(this.hostConfig, { DeviceCgroupRules: deviceRules });
    if (mayMount) this.hostConfig.SecurityOpt = ['apparmor=unconfined'];
    if (stopTimeoutSeconds !== undefined) this.createOpts.StopTimeout = stopTimeoutSeconds;
    if (memoryBytes !== undefined) Object.assign(this.hostConfig, { Memory: memoryBytes, MemorySwap: memoryBytes });
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.whenCreated(id);
  }
}
