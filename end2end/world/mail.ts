// A real SMTP server (maildev): what Kontor sends arrives here, and the tests read it as the recipient would.
import { fileURLToPath } from 'node:url';
import { freePort, Program, until } from './process.ts';

const MAILDEV = fileURLToPath(new URL('../node_modules/.bin/maildev', import.meta.url));

/** One mail as it arrived. */
export interface Mail {
  id: string;
  subject: string;
  /** Addresses only. */
  to: string[];
  from: string[];
  text: string;
  html: string;
  /** Header names in lower case. */
  headers: Record<string, string>;
  /** Every address a reader of the text part could follow, in order. */
  links: string[];
}

interface Arrived {
  id: string;
  subject?: string;
  to?: { address: string }[];
  from?: { address: string }[];
  text?: string;
  html?: string | false;
  headers?: Record<string, string>;
}

export class MailServer {
  private program?: Program;
  private readonly taken = new Set<string>();

  private constructor(
    private readonly smtpPort: number,
    private readonly webPort: number,
  ) {}

  static async start(): Promise<MailServer> {
    const server = new MailServer(await freePort(), await freePort());
    await server.up();
    return server;
  }

  /** What KONTOR_MAIL_URL is set to. */
  get url(): string {
    return `smtp://127.0.0.1:${this.smtpPort}`;
  }

  /** Starts the server, again on the same ports after `down`. Mails from before are gone. */
  async up(): Promise<void> {
    this.program = new Program('maildev', MAILDEV, [
      ...['--ip', '127.0.0.1', '--web-ip', '127.0.0.1', '--silent'],
      ...['--smtp', `${this.smtpPort}`, '--web', `${this.webPort}`],
    ]);
    await this.program.printed(/running at/);
    await until('the mail server', 10_000, () => this.arrived().then(() => true, () => false));
  }

  /** Stops the server, as an outage would. */
  async down(): Promise<void> {
    await this.program?.stop();
  }

  /** Everything that has arrived for an address, oldest first. */
  async all(to: string): Promise<Mail[]> {
    return (await this.arrived()).filter((mail) => mail.to.includes(to));
  }

  /**
   * Waits for a mail to an address, and with a subject if one is given. Every mail is handed out once, oldest
   * first: the second call waits for the second mail.
   */
  async waitFor(to: string, subject?: string | RegExp, ms = 15_000): Promise<Mail> {
    const fits = (mail: Mail) =>
      !this.taken.has(mail.id) &&
      (subject === undefined || (typeof subject === 'string' ? mail.subject.includes(subject) : subject.test(mail.subject)));
    const mail = await until(`a mail to ${to}${subject ? ` about ${subject}` : ''}`, ms, async () =>
      (await this.all(to)).find(fits),
    );
    this.taken.add(mail.id);
    return mail;
  }

  private async arrived(): Promise<Mail[]> {
    const answer = await fetch(`http://127.0.0.1:${this.webPort}/api/email`);
    const mails = (await answer.json()) as Arrived[];
    return mails.map((mail) => ({
      id: mail.id,
      subject: mail.subject ?? '',
      to: (mail.to ?? []).map((person) => person.address),
      from: (mail.from ?? []).map((person) => person.address),
      text: mail.text ?? '',
      html: mail.html || '',
      headers: mail.headers ?? {},
      links: (mail.text ?? '').match(/https?:\/\/[^\s<>"]+/g) ?? [],
    }));
  }
}
