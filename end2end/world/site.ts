// A customer's web site, for the proof by HTML file: a plain HTTP server on a loopback port.
import { createServer, type Server } from 'node:http';

export interface Page {
  status?: number;
  type?: string;
  body: string;
  /** Answer with a redirect to this place instead. */
  location?: string;
}

export class WebSite {
  private readonly pages = new Map<string, Page>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebSite> {
    const site = new WebSite(createServer());
    site.server.on('request', (request, response) => {
      // Looked up by host and path first, then by path alone.
      const path = request.url ?? '/';
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      const page = site.pages.get(`${host}${path}`) ?? site.pages.get(path) ?? { status: 404, body: 'not here' };
      const headers: Record<string, string> = { 'content-type': page.type ?? 'text/html; charset=utf-8' };
      if (page.location) headers.location = page.location;
      response.writeHead(page.status ?? (page.location ? 302 : 200), headers).end(page.body);
    });
    await new Promise<void>((done) => site.server.listen(0, '127.0.0.1', done));
    return site;
  }

  /** `ip:port`, for KONTOR_HTML_CHECK_ALLOW. */
  get address(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the site is closed');
    return `127.0.0.1:${address.port}`;
  }

  /** Answers `path`, or `host/path`, with a page from now on. */
  publish(path: string, page: Page | string): void {
    this.pages.set(path, typeof page === 'string' ? { body: page } : page);
  }

  withdraw(path: string): void {
    this.pages.delete(path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
