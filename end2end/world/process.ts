// Programs the tests start: each is known by its process id, and ended by it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

const running = new Set<ChildProcess>();
// A worker that dies must not leave its servers behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A started program and what it has printed so far. */
export class Program {
  /** Standard output and standard error, in the order of arrival. */
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  constructor(
    private readonly name: string,
    command: string,
    args: string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
  ) {
    this.child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((done) => {
      const end = () => {
        running.delete(this.child);
        done();
      };
      this.child.on('exit', end);
      this.child.on('error', (error) => {
        this.output += `${error}\n`;
        end();
      });
    });
  }

  /** False once the program has ended or could not be started. */
  get alive(): boolean {
    return running.has(this.child);
  }

  /** What the program ended with; null while it runs, and if a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Waits until the output matches. Fails with the output if the program ends first or `ms` milliseconds pass. */
  async printed(pattern: RegExp, ms = 30_000): Promise<RegExpMatchArray> {
    return until(`${this.name} to print ${pattern}`, ms, () => {
      const found = this.output.match(pattern);
      if (!found && !this.alive) throw new Error(`${this.name} ended:\n${this.output}`);
      return found;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  /** Asks the program to end and waits; after five seconds it is killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.alive) return;
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await this.ended;
    clearTimeout(late);
  }
}

/** Runs a program to its end and returns what it printed on standard output; fails unless it ends with 0. */
export async function run(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  // A program that ends without reading says why by its exit code.
  child.stdin?.on('error', () => {}).end(input);
  const code = await new Promise<number | null>((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${err}${out}`);
  return out;
}

/** Asks `probe` every 50 ms until it answers something; fails after `ms` milliseconds. */
export async function until<T>(what: string, ms: number, probe: () => Promise<T | null | undefined> | T | null | undefined): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A TCP port of the loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
