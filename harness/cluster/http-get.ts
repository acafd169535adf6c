import http from 'node:http';
import https from 'node:https';

/**
 * One GET request to a port of this machine. A certificate is not verified: the port leads to the container that was
 * asked for, whatever name its certificate bears.
 *
 * The limit is the socket's own: under `AbortSignal.any`, Node 20 may collect a signal of `AbortSignal.timeout` as garbage before
 * it fires, and a frozen member, which takes connections and never answers, was waited for without end.
 * @param limits.timeoutMs ms until it is given up; default: the signal's to say
 * @throws what the connection says, the signal's reason, or that no answer came
 */
export async function getHttp(
  { port, path, tls }: { port: number; path: string; tls: boolean },
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs?: number },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      signal,
      agent: false,
      rejectUnauthorized: false,
      timeout: timeoutMs,
    };
    const request = (tls ? https : http).get(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
  });
}
