// A cable between the program and its database that a test can pull: the database itself goes on.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Wire {
  private readonly sockets = new Set<Socket>();
  private whole = true;

  private constructor(private readonly server: Server) {}

  /** Lays a cable to a host and port; its near end is `port` on the loopback. */
  static async to(host: string, port: number): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(server);
    server.on('connection', (near) => {
      if (!wire.whole) return void near.destroy();
      const far = connect(port, host);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        wire.sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          wire.sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return wire;
  }

  /** The near end. */
  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** Pulls it: what is connected breaks, and nothing connects. */
  cut(): void {
    this.whole = false;
    this.sockets.forEach((socket) => socket.destroy());
  }

  mend(): void {
    this.whole = true;
  }

  async away(): Promise<void> {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}
