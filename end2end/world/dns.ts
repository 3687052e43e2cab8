// A real, independent name server (knot) whose records change while it runs: the registrar's control panel of the
// customers in these tests.
import { mkdir, writeFile } from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';
import { freePort, Program, run, until } from './process.ts';

/** Zones the server is the authority for; the second one is an IDN (prüfung.example). */
export const ZONES = ['kontor-test.example', 'xn--prfung-4ya.example'] as const;

export class NameServer {
  private program?: Program;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(folder: string): Promise<NameServer> {
    const server = new NameServer(await freePort(), folder);
    await mkdir(folder, { recursive: true });
    await Promise.all(ZONES.map((zone) => writeFile(`${folder}/${zone}.zone`, emptyZone(zone))));
    await writeFile(`${folder}/knot.conf`, configuration(folder, server.port));
    await server.up();
    return server;
  }

  /** `ip:port`, for KONTOR_DNS_SERVERS. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** `suffix=ip:port,…`, for KONTOR_DNS_ZONES. */
  get zones(): string {
    return ZONES.map((zone) => `${zone}=${this.address}`).join(',');
  }

  /** Starts the server, again on the same port and with the same records after `down`. */
  async up(): Promise<void> {
    const program = new Program('knotd', 'knotd', ['-c', `${this.folder}/knot.conf`], { env: withSystemPath() });
    this.program = program;
    const resolver = new Resolver({ timeout: 200, tries: 1 });
    resolver.setServers([this.address]);
    await until('the name server', 10_000, () => {
      if (!program.alive) throw new Error(`knotd ended:\n${program.output}`);
      return resolver.resolveSoa(ZONES[ZONES.length - 1] ?? '').then(() => true, () => false);
    });
  }

  /** Stops the server, as an outage would. */
  async down(): Promise<void> {
    await this.program?.stop();
  }

  /** Publishes a text record; `name` is absolute and may be given in Unicode. */
  addTxt(name: string, value: string): Promise<void> {
    const parts = value.match(/.{1,255}/gs) ?? [''];
    return this.update(name, (host) => `update add ${host} 1 TXT ${parts.map((part) => JSON.stringify(part)).join(' ')}`);
  }

  addCname(name: string, target: string): Promise<void> {
    return this.update(name, (host) => `update add ${host} 1 CNAME ${absolute(target)}`);
  }

  addA(name: string, address: string): Promise<void> {
    return this.update(name, (host) => `update add ${host} 1 A ${address}`);
  }

  addMx(name: string, priority: number, server: string): Promise<void> {
    return this.update(name, (host) => `update add ${host} 1 MX ${priority} ${absolute(server)}`);
  }

  /** Removes the records of a name, all of them or those of one type. */
  remove(name: string, type?: 'TXT' | 'CNAME' | 'A'): Promise<void> {
    return this.update(name, (host) => `update delete ${host}${type ? ` ${type}` : ''}`);
  }

  private async update(name: string, line: (host: string) => string): Promise<void> {
    const host = absolute(name);
    const zone = ZONES.find((zone) => host === `${zone}.` || host.endsWith(`.${zone}.`));
    if (!zone) throw new Error(`${name} is in none of the zones ${ZONES.join(', ')}`);
    await run('knsupdate', [], {
      input: `server 127.0.0.1 ${this.port}\nzone ${zone}.\n${line(host)}\nsend\n`,
    });
  }
}

/** The name as it travels: A-labels (underscores are kept), lower case, final dot. */
function absolute(name: string): string {
  const labels = name.replace(/\.$/, '').split('.');
  return `${labels.map((label) => (/^[\x00-\x7f]*$/.test(label) ? label.toLowerCase() : domainToASCII(label))).join('.')}.`;
}

// A time to live of one second: the tests look twice within seconds and want to see the change.
function emptyZone(zone: string): string {
  return `$ORIGIN ${zone}.
$TTL 1
@ SOA ns1 hostmaster 1 60 60 3600 1
@ NS ns1
ns1 A 127.0.0.1
`;
}

function configuration(folder: string, port: number): string {
  return `server:
  rundir: "${folder}"
  listen: 127.0.0.1@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
control:
  listen: "${folder}/knot.sock"
log:
  - target: stderr
    any: warning
database:
  storage: "${folder}"
  journal-db-max-size: 16M
  kasp-db-max-size: 8M
  timer-db-max-size: 1M
acl:
  - id: tests
    address: 127.0.0.1
    action: update
template:
  - id: default
    storage: "${folder}"
    file: "%s.zone"
    acl: tests
zone:
${ZONES.map((zone) => `  - domain: ${zone}\n`).join('')}`;
}

// Debian keeps daemons where an ordinary user's PATH does not look.
function withSystemPath(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
}
