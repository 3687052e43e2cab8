// A provider of single sign-on that others wrote: oidc-provider, certified by the OpenID Foundation. It asks for PKCE and
// tells by its back channel when somebody signs out.
import { createServer, type Server } from 'node:http';
import type { Page } from '@playwright/test';
import { Provider } from 'oidc-provider';

/** Where one may listen; Kontor has to be told before it starts (`KONTOR_OIDC_ALLOW`). */
export const PROVIDERS = [45611, 45612, 45613, 45614].map((port) => `127.0.0.1:${port}`);

/** What Kontor is known as there. */
export const CLIENT = { id: 'kontor', secret: 'a secret of the tests' };

export class IdentityProvider {
  /** Its address, also while it is down. */
  readonly issuer: string;

  private constructor(
    private readonly server: Server,
    address: string,
  ) {
    this.issuer = `http://${address}`;
  }

  /** Takes one of the addresses; nothing is answered there before `up`. */
  static async reserve(): Promise<IdentityProvider> {
    for (const address of PROVIDERS) {
      const server = createServer((_, response) => response.writeHead(503).end());
      const [host, port] = address.split(':');
      const free = await new Promise<boolean>((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(Number(port), host, () => resolve(true));
      });
      if (free) return new IdentityProvider(server, address);
    }
    throw new Error('no address is free for an identity provider');
  }

  /** Answers from now on, to a Kontor at `kontor` that is told of sign-outs at `logout`. */
  up(kontor: string, logout: string): void {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [`${kontor}/signin/callback`],
          post_logout_redirect_uris: [`${kontor}/`],
          backchannel_logout_uri: logout,
          backchannel_logout_session_required: true,
        },
      ],
      features: { backchannelLogout: { enabled: true } },
      pkce: { required: () => true },
      claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
      cookies: { keys: ['of the tests'] },
      // It sends nothing to private addresses by itself, and the Kontor of the tests has no other.
      fetch: (url, options) => {
        const { dispatcher: _, ...rest } = options as RequestInit & { dispatcher?: unknown };
        return globalThis.fetch(url, rest);
      },
      // Whoever signs in is who they say, and an admin if their name says so.
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          email: id,
          email_verified: true,
          given_name: 'Pia',
          family_name: 'Provider',
          groups: id.startsWith('it-') ? ['it'] : [],
        }),
      }),
    });
    this.answer(provider.callback());
  }

  /** Answers nothing but errors from now on. */
  fail(): void {
    this.answer((_, response) => response.writeHead(503).end());
  }

  private answer(how: Parameters<typeof createServer>[1] & {}): void {
    this.server.removeAllListeners('request');
    this.server.on('request', how as () => void);
  }

  /** Gives the address back. */
  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Signs somebody in on the provider's pages, and lets Kontor know who it is. */
  async signIn(page: Page, login: string): Promise<void> {
    await page.waitForURL((url) => url.origin === this.issuer && url.pathname.startsWith('/interaction/'));
    await page.locator('[name=login]').fill(login);
    await page.locator('[name=password]').fill('whatever');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Signs out on the provider's own page. */
  async signOut(page: Page): Promise<void> {
    if (!page.url().startsWith(`${this.issuer}/session/end`)) await page.goto(`${this.issuer}/session/end`);
    await page.locator('button[name=logout]').click();
  }
}
