import { rootCertificates } from 'node:tls';
import type { IOptions } from 'etcd3';
import type { Container } from '../engine/container';

/** One etcd member as it is reached from this process. */
export interface EtcdEndpoint {
  readonly name: string;
  /** A port of this machine that leads to its client port. @throws where nothing leads there */
  port(): Promise<number>;
  /**
   * The same, asked anew: a container that was started again, be it by another process, has another one. Undefined where it
   * does not run.
   */
  currentPort(): Promise<number | undefined>;
  /** Credentials, where it asks for them. */
  readonly access?: EtcdAccess;
}

export interface EtcdAccess {
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer; host: string };
  auth?: { username: string; password: string };
}

const CLIENT_PORT = 2379;

/** The endpoint of an etcd member of ours: its published client port. */
export function publishedEndpoint(name: string, container: Container): EtcdEndpoint {
  return {
    name,
    port: () => container.hostPort(CLIENT_PORT),
    currentPort: () => container.hostPortNow(CLIENT_PORT),
  };
}

/** What the etcd3 client has to be told to reach a port of ours that leads to such an endpoint. */
export function connectionOptions(
  port: number,
  access: EtcdAccess = {},
): Pick<IOptions, 'hosts' | 'auth'> & Partial<IOptions> {
  const { tls, auth } = access;
  return {
    hosts: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    ...(auth ? { auth } : {}),
    ...(tls
      ? {
          credentials: {
            rootCertificate: tls.ca ?? Buffer.from(rootCertificates.join('\n')),
            ...(tls.key ? { privateKey: tls.key } : {}),
            ...(tls.cert ? { certChain: tls.cert } : {}),
          },
          // The certificate bears the name by which Patroni knows it, not that of our end of the way.
          grpcOptions: { 'grpc.ssl_target_name_override': tls.host, 'grpc.default_authority': tls.host },
        }
      : {}),
  };
}
