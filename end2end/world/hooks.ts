// The public address of a programme of several nodes, as far as a payment provider knows it: whatever it tells arrives at
// every node at once, as a balancer that is out of its mind would do it.
import { createServer, type Server } from 'node:http';

export class Hooks {
  /** The nodes' own addresses. */
  nodes: string[] = [];
  /** How many letters have come. */
  letters = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Hooks> {
    const hooks = new Hooks(createServer());
    hooks.server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        hooks.letters += 1;
        void hooks.tell(request.url ?? '/', request.headers, Buffer.concat(parts)).then((status) => response.writeHead(status).end());
      });
    });
    await new Promise<void>((done) => hooks.server.listen(0, '127.0.0.1', done));
    return hooks;
  }

  /** `http://127.0.0.1:PORT`, for KONTOR_PUBLIC_URL. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('closed');
    return `http://127.0.0.1:${address.port}`;
  }

  // Twice to each: what one of them has taken must be nothing new to any of them.
  private async tell(path: string, from: NodeJS.Dict<string | string[]>, body: Buffer): Promise<number> {
    const headers = Object.fromEntries(
      ['content-type', 'kontor-script-signature'].map((name) => [name, `${from[name] ?? ''}`]),
    );
    const told = [...this.nodes, ...this.nodes].map((node) =>
      fetch(`${node}${path}`, { method: 'POST', headers, body: new Uint8Array(body) }).then((answer) => answer.status, () => 503),
    );
    return Math.max(503 * Number(this.nodes.length === 0), ...(await Promise.all(told)));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
