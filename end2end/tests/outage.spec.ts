// The program when what it rests on goes away, and when it is itself killed.
import { expect, test } from '../world/test.ts';
import { run } from '../world/process.ts';
import { DEMO_PASSWORD } from '../world/world.ts';
import { Wire } from '../world/wire.ts';
import { startWorld } from '../world/world.ts';

test('the database goes away and comes back', async ({ browser }) => {
  test.setTimeout(120_000);
  const server = new URL(process.env.KONTOR_TEST_POSTGRES ?? '');
  const wire = await Wire.to(server.hostname, Number(server.port));
  const name = `outage_${Date.now().toString(36)}`;
  await run('psql', [server.href, '-qc', `create database ${name}`]);
  const near = new URL(server.href);
  near.port = `${wire.port}`;
  near.pathname = `/${name}`;
  const world = await startWorld('sqlite', { KONTOR_DATABASE_URL: near.href });
  try {
    const page = await (await browser.newContext({ baseURL: world.url })).newPage();
    await page.goto('/signin');
    await page.locator('[name=email]').fill('owner@alpen.test');
    await page.locator('[name=password]').fill(DEMO_PASSWORD);
    await page.locator('form:has([name=password]) button[type=submit]').click();
    await page.waitForURL(/\/store\/org_/);
    const address = page.url();

    wire.cut();
    const gone = await page.goto(address);
    expect(gone?.status()).toBe(503);
    expect((await page.locator('body').innerText()).length).toBeGreaterThan(20);
    expect((await page.request.get('/readyz')).status()).toBe(503);
    expect((await page.request.get('/healthz')).status()).toBe(200);

    wire.mend();
    await expect.poll(async () => (await page.request.get('/readyz')).status(), { timeout: 20_000 }).toBe(200);
    const back = await page.goto(address);
    expect(back?.status()).toBe(200);
    await expect(page.locator('main h1')).toBeVisible();
    expect(world.kontor.log).not.toContain('panicked at');
  } finally {
    await world.stop();
    await wire.away();
    await run('psql', [server.href, '-qc', `drop database if exists ${name} with (force)`]);
  }
});

test('kill -9 at any moment loses nothing that was answered', async () => {
  test.setTimeout(180_000);
  const world = await startWorld('sqlite', { KONTOR_LOG: 'warn' });
  try {
    const post = (call: string, fields: Record<string, string>, cookie = '') =>
      fetch(`${world.url}/api/${call}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', cookie },
        redirect: 'manual',
      });
    const signedIn = await post('account/sign_in', { email: 'owner@alpen.test', password: DEMO_PASSWORD });
    const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    const store = await fetch(`${world.url}/store`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    const [org = ''] = /org_\w+/.exec(store.headers.get('location') ?? '') ?? [];
    expect(org).not.toBe('');
    const organisation = (key: string) => ({
      ...{ org, step: 'review', organisation: `Kill ${key}`, domain: `${key}.kontor-test.example`, country: 'DE', plan: 'trial' },
      ...{ admin_first_name: 'Eva', admin_last_name: 'Fest', admin_email: `${key}@example.net`, request_key: `request-${key}` },
    });
    const keys: string[] = [];
    const answered = new Set<string>();
    for (let round = 0; round < 8; round++) {
      const asked = [0, 1, 2, 3].map((number) => {
        const key = `r${round}n${number}`;
        keys.push(key);
        return post('admin/add_organisation', organisation(key), cookie).then(
          (answer) => (answer.ok || answer.status === 302 ? void answered.add(key) : undefined),
          () => undefined,
        );
      });
      await new Promise((done) => setTimeout(done, Math.random() * 60));
      await world.kontor.down('SIGKILL');
      await Promise.all(asked);
      await world.kontor.up();
    }
    // What the dead held is anybody's again after five minutes, when its lease has run out.
    await world.kontor.down('SIGKILL');
    await world.kontor.up('+6m');
    const listed = async () => {
      const answer = await post('admin/customers', { org, query: 'q=Kill&sort=newest' }, cookie);
      const page = (await answer.json()) as { cards: { name: string }[] };
      return page.cards.map((card) => card.name);
    };
    const before = await listed();
    for (const key of [...answered].slice(-24)) expect(before, `answered: ${key}`).toContain(`Kill ${key}`);
    // Whoever got no answer sends again: one organisation each, however far the first try came.
    for (const key of keys) expect([200, 302]).toContain((await post('admin/add_organisation', organisation(key), cookie)).status);
    for (const key of keys) {
      const answer = await post('admin/customers', { org, query: `q=${key}.kontor-test` }, cookie);
      expect(((await answer.json()) as { cards: unknown[] }).cards.length, key).toBe(1);
      await world.mail.waitFor(`${key}@example.net`, undefined, 30_000);
    }
    for (const key of keys) {
      const ids = (await world.mail.all(`${key}@example.net`)).map((mail) => mail.headers['message-id']);
      expect(new Set(ids).size, `mails to ${key}`).toBe(1);
    }
    expect(await world.kontor.cli('counters', 'verify')).toContain('counters are true');
  } finally {
    await world.stop();
  }
});
