import http from 'node:http';
import https from 'node:https';

/**
 * One GET request to a port of this machine. A certificate is not verified: the port leads to the container that was
 * asked for, whatever name its certificate bears.
 * @throws what the connection says, or the signal's reason
 */
export async function getHttp(
  { port, path, tls }: { port: number; path: string; tls: boolean },
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, signal, agent: false, rejectUnauthorized: false };
    const request = (tls ? https : http).get(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
  });
}
