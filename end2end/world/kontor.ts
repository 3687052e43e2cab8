// The program under test, started as an operator would start it.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Program, run } from './process.ts';

export type Database = 'sqlite' | 'postgres';

/** A configuration without the `KONTOR_` variables of the surroundings: an unknown one stops the start. */
function surroundings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KONTOR_')));
}

/** Path of the program; `make test` sets it. */
export function binary(): string {
  const path = process.env.KONTOR_BIN;
  if (!path) throw new Error('KONTOR_BIN must name the kontor program to test');
  return path;
}

/** Makes a database of its own and returns its address and how to remove it. */
export async function createDatabase(kind: Database, folder: string): Promise<{ url: string; drop: () => Promise<unknown> }> {
  if (kind === 'sqlite') return { url: `sqlite://${folder}/kontor.db`, drop: async () => {} };
  const server = process.env.KONTOR_TEST_POSTGRES;
  if (!server) throw new Error('KONTOR_TEST_POSTGRES must name a PostgreSQL server: use scripts/with-postgres.sh');
  const name = `end2end_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const sql = (statement: string) => run('psql', [server, '-qc', statement]);
  await sql(`create database ${name}`);
  return { url: url.href, drop: () => sql(`drop database if exists ${name} with (force)`) };
}

/** What makes a program's clock differ: libfaketime, directly, because its command would stand between us and the program. */
function clock(later: string): NodeJS.ProcessEnv {
  const library = readdirSync('/usr/lib')
    .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
    .find((path) => existsSync(path));
  if (!library) throw new Error('libfaketime is missing (Debian: apt-get install faketime)');
  // Time-outs go by the monotonic clock, which stays what it is.
  return { LD_PRELOAD: library, FAKETIME: later, DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

export class Kontor {
  /** `http://127.0.0.1:PORT`, known once the program is up. */
  url = '';
  private program?: Program;

  constructor(
    private readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Everything the running program has logged. */
  get log(): string {
    return this.program?.output ?? '';
  }

  /** What the program ended with; null while it runs, and if a signal ended it. */
  get exitCode(): number | null {
    return this.program?.exitCode ?? null;
  }

  /** A second node on the same database, not yet started. */
  node(): Kontor {
    return new Kontor(this.folder, { KONTOR_PUBLIC_URL: this.url, ...this.settings, KONTOR_LISTEN: '127.0.0.1:0' });
  }

  /** Runs a command of the program (`user create …`) beside the running server; returns what it prints. */
  async cli(...args: string[]): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    return run(binary(), args, { env: this.environment(), cwd: this.folder });
  }

  /** Starts the server, again on the same port after `down`; its clock is ahead by `later`, such as `+16d`. */
  async up(later?: string): Promise<void> {
    const env = { ...this.environment(), ...(later ? clock(later) : {}) };
    this.program = new Program('kontor', binary(), ['serve'], { env, cwd: this.folder });
    const [, url] = await this.program.printed(/listening on (http:\/\/[\w.:[\]]+)/);
    this.url = url ?? '';
    // From now on the address is known to others.
    this.settings.KONTOR_LISTEN = new URL(this.url).host;
  }

  /** Stops the server: in good order, or with SIGKILL as a power cut would. */
  async down(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.program?.stop(signal);
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...surroundings(), ...this.settings };
  }
}
