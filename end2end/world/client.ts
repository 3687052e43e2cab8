// A person without a browser: sends what the forms of the pages send, as any program could.
import { DEMO_PASSWORD } from './world.ts';

export class Client {
  private constructor(
    /** Address of the server this client talks to. */
    private readonly url: string,
    private readonly cookie: string,
    /** The organisation the person works for, as addresses name it. */
    readonly org: string,
  ) {}

  /** Signs somebody of a partner or a customer in; the people of the demo have one password. */
  static async signedIn(url: string, email: string, password = DEMO_PASSWORD): Promise<Client> {
    const stranger = new Client(url, '', '');
    const answer = await stranger.post('account/sign_in', { email, password });
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    const places = await Promise.all(['/store', '/admin'].map((path) => new Client(url, cookie, '').get(path)));
    const [org] = places.map((place) => /org_\w+/.exec(place.headers.get('location') ?? '')?.[0]).filter((found) => found !== undefined);
    return new Client(url, cookie, org ?? '');
  }

  /** The same person and session at another node. */
  at(url: string): Client {
    return new Client(url, this.cookie, this.org);
  }

  /** Takes an invitation and signs in. */
  static async activated(url: string, email: string, link: string): Promise<Client> {
    const password = 'four words make one';
    const token = new URL(link).pathname.split('/').pop() ?? '';
    const answer = await new Client(url, '', '').post('account/activate', { token, new_password: password });
    if (answer.status >= 400) throw new Error(`the invitation of ${email} answered ${answer.status}`);
    return Client.signedIn(url, email, password);
  }

  /** Calls a server function with the fields of its form. */
  post(call: string, fields: Record<string, string>): Promise<Response> {
    return fetch(`${this.url}/api/${call}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', cookie: this.cookie },
      redirect: 'manual',
    });
  }

  /** Sends a form with a file. */
  upload(call: string, form: FormData): Promise<Response> {
    return fetch(`${this.url}/api/${call}`, {
      method: 'POST',
      body: form,
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie: this.cookie },
      redirect: 'manual',
    });
  }

  /** Asks for a page, as a browser does. */
  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { cookie: this.cookie, accept: 'text/html' }, redirect: 'manual' });
  }

  /** The answer of a call as data; fails unless it is 200. */
  async ask<T>(call: string, fields: Record<string, string>): Promise<T> {
    const answer = await this.post(call, fields);
    if (answer.status !== 200) throw new Error(`${call} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** The fields of *Add organisation*, for a customer that `key` makes like no other. */
export function organisation(org: string, key: string): Record<string, string> {
  return {
    ...{ org, step: 'review', organisation: `Client ${key}`, domain: `${key}.kontor-test.example`, country: 'DE', plan: 'trial' },
    ...{ admin_first_name: 'Eva', admin_last_name: 'Fest', admin_email: `${key}@example.net`, request_key: `request-${key}` },
  };
}
