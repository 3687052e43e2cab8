// One running Kontor with everything it talks to: its own database, mail server, name server and web site.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NameServer } from './dns.ts';
import { createDatabase, type Database, Kontor } from './kontor.ts';
import { MailServer } from './mail.ts';
import { WebSite } from './site.ts';

/** Password of every person of the demo data. */
export const DEMO_PASSWORD = 'kontor-demo';

export interface World {
  /** Address of the server, without a final slash. */
  url: string;
  kontor: Kontor;
  mail: MailServer;
  dns: NameServer;
  site: WebSite;
  /** Where the program keeps its files. */
  folder: string;
  /** Address of the database. */
  database: string;
  stop(): Promise<void>;
}

/** Starts a world with the demo data in it. `settings` adds to or replaces configuration variables. */
export async function startWorld(database: Database = 'sqlite', settings: Record<string, string> = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'kontor-e2e-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const closedBy =
    <T>(close: (part: T) => Promise<unknown>) =>
    (part: T): T => {
      closing.push(() => close(part));
      return part;
    };
  const stop = async () => {
    // What was started last goes first; one failure must not leave the others running.
    for (const close of closing.splice(0).reverse()) await close().catch((error) => console.error(error));
  };
  try {
    const parts = [
      MailServer.start().then(closedBy((mail) => mail.down())),
      NameServer.start(join(folder, 'dns')).then(closedBy((dns) => dns.down())),
      WebSite.start().then(closedBy((site) => site.stop())),
      createDatabase(database, folder).then(closedBy((db) => db.drop())),
    ] as const;
    // All of them must have ended their start before a failure of one may tidy up.
    await Promise.allSettled(parts);
    const [mail, dns, site, db] = await Promise.all(parts);
    const kontor = new Kontor(folder, {
      KONTOR_LISTEN: '127.0.0.1:0',
      KONTOR_DATABASE_URL: db.url,
      KONTOR_MAIL_URL: mail.url,
      KONTOR_DNS_SERVERS: dns.address,
      KONTOR_DNS_ZONES: dns.zones,
      KONTOR_VERIFY_HOST: 'verify.kontor-test.example',
      KONTOR_HTML_CHECK_ALLOW: site.address,
      KONTOR_SECRET_FILE: join(folder, 'secret'),
      KONTOR_RATE_LIMITS: 'off',
      KONTOR_DEMO: 'true',
      // A password costs an attacker's time in the field, only the tests' in here.
      KONTOR_ARGON2_MEMORY_KIB: '64',
      KONTOR_ARGON2_PASSES: '1',
      ...settings,
    });
    await kontor.cli('migrate');
    await kontor.cli('seed', 'demo');
    closing.push(() => kontor.down());
    await kontor.up();
    return { url: kontor.url, kontor, mail, dns, site, folder, database: settings.KONTOR_DATABASE_URL ?? db.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
