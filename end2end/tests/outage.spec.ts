// The program when what it rests on goes away, and when it is itself killed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../world/test.ts';
import { Client, organisation } from '../world/client.ts';
import { cardOf, customerOf, desk, type Form, paymentsOf, previewed } from '../world/money.ts';
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
    const owner = await Client.signedIn(world.url, 'owner@alpen.test');
    expect(owner.org).not.toBe('');
    const add = (key: string) => owner.post('admin/add_organisation', organisation(owner.org, key));
    const found = async (key: string) => {
      const page = await owner.ask<{ cards: unknown[] }>('admin/customers', { org: owner.org, query: `q=${key}.kontor-test` });
      return page.cards.length;
    };
    const keys: string[] = [];
    const answered: string[] = [];
    for (let round = 0; round < 8; round++) {
      const asked = [0, 1, 2, 3].map(async (number) => {
        const key = `r${round}n${number}`;
        keys.push(key);
        const answer = await add(key).catch(() => undefined);
        if (answer && [200, 302].includes(answer.status)) answered.push(key);
      });
      await new Promise((done) => setTimeout(done, Math.random() * 60));
      await world.kontor.down('SIGKILL');
      await Promise.all(asked);
      await world.kontor.up();
    }
    // What the dead held is anybody's again after five minutes, when its lease has run out.
    await world.kontor.down('SIGKILL');
    await world.kontor.up('+6m');
    for (const key of answered) expect(await found(key), `answered: ${key}`).toBe(1);
    // Whoever got no answer sends again: one organisation each, however far the first try came.
    for (const key of keys) expect([200, 302]).toContain((await add(key)).status);
    for (const key of keys) {
      expect(await found(key), key).toBe(1);
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

test('kill -9 between an intent and its result charges once and changes once', async () => {
  test.setTimeout(240_000);
  const world = await startWorld('sqlite', { KONTOR_LOG: 'warn' });
  // Its answer is lost, its first request is lost, and the one that answers at once, but to a dead program.
  const scripts = [['timeout', '0006'], ['timeout_before', '0007'], ['approve', '0001']] as const;
  /** The charges that the provider has in its book. */
  const charges = async () => {
    const book = await readFile(join(world.folder, 'payment-script', 'book.jsonl'), 'utf8');
    const entries = book.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { entry: { charged?: { key: string } } });
    return entries.flatMap(({ entry }) => entry.charged?.key ?? []);
  };
  try {
    const owner = await Client.signedIn(world.url, 'owner@alpen.test');
    const before = await charges();
    const asked: { customer: string; form: Form }[] = [];
    for (let round = 0; round < 9; round++) {
      const [script, last4] = scripts[round % scripts.length] ?? ['approve', '0001'];
      const key = `paid${round}`;
      expect([200, 302]).toContain((await owner.post('admin/add_organisation', organisation(owner.org, key))).status);
      const customer = await customerOf(owner, `${key}.kontor-test`);
      const method = await cardOf(owner, script, last4);
      const form = await previewed(owner, customer, { plan: 'standard', seats: '5', term: 'yearly', payer: 'partner', when: 'now', method });
      asked.push({ customer, form });
      const sent = owner.post('store/confirm_change', form).catch(() => undefined);
      await new Promise((done) => setTimeout(done, Math.random() * 50));
      await world.kontor.down('SIGKILL');
      await sent;
      await world.kontor.up();
    }
    // What the dead held is anybody's again after five minutes; whoever did not answer is asked again, later and later.
    const tried = async () => {
      const finance = await Client.signedIn(world.url, 'finance@vendor.test');
      const all = await Promise.all(asked.map(({ customer }) => paymentsOf(finance, customer)));
      return all.flat().every((payment) => payment.status === 'succeeded');
    };
    for (const later of ['+6m', '+30m', '+2h']) {
      await world.kontor.down('SIGKILL');
      await world.kontor.up(later);
      for (let look = 0; look < 20 && !(await tried()); look++) await new Promise((done) => setTimeout(done, 500));
    }
    const finance = await Client.signedIn(world.url, 'finance@vendor.test');
    const paid: string[] = [];
    for (const { customer, form } of asked) {
      // Whoever got no answer sends again: the same key is the same purchase, however far the first try came.
      expect([200, 302, 409]).toContain((await owner.post('store/confirm_change', form)).status);
      await expect.poll(async () => (await desk(owner, customer)).account.status, { timeout: 60_000 }).toBe('active');
      const payments = await paymentsOf(finance, customer);
      expect(payments.map((payment) => [payment.status, `${payment.amount.minor}`])).toEqual([['succeeded', form.total]]);
      expect(payments[0]?.invoice).not.toBeNull();
      const { account } = await desk(owner, customer);
      expect([account.open, account.history.map((change) => change.status)]).toEqual([[], ['applied']]);
      paid.push(payments[0]?.id ?? '');
    }
    const added = (await charges()).filter((key) => !before.includes(key));
    expect(added.sort()).toEqual(paid.sort());
    expect(await world.kontor.cli('ledger', 'verify')).toContain('true');
    expect(await world.kontor.cli('counters', 'verify')).toContain('counters are true');
  } finally {
    await world.stop();
  }
});

test('asked to stop, it finishes what was asked, ends the open streams, and goes', async () => {
  // A password that takes a while, so that a request is under way when the signal comes.
  const world = await startWorld('sqlite', { KONTOR_ARGON2_MEMORY_KIB: '262144', KONTOR_ARGON2_PASSES: '4' });
  try {
    const owner = await Client.signedIn(world.url, 'owner@alpen.test');
    const stream = await owner.get(`/events?org=${owner.org}`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const ended = stream.text();
    const password = 'a new password, long enough';
    const asked = owner.post('account/sign_up', { email: 'late@example.net', password });
    await new Promise((done) => setTimeout(done, 150));
    const stopped = world.kontor.down();
    expect((await asked).status).toBeLessThan(400);
    await ended;
    await stopped;
    expect(world.kontor.exitCode).toBe(0);
    await world.kontor.up();
    expect((await world.mail.waitFor('late@example.net')).links.length).toBeGreaterThan(0);
  } finally {
    await world.stop();
  }
});

test('what is too large is refused, and the program goes on', async () => {
  const world = await startWorld('sqlite');
  try {
    const owner = await Client.signedIn(world.url, 'owner@alpen.test');
    const form = { ...organisation(owner.org, 'large'), organisation: 'x'.repeat(1_000_000) };
    expect((await owner.post('admin/add_organisation', form)).status).toBe(413);
    const address = `/admin/${owner.org}/partner/customers?q=${'x'.repeat(200_000)}`;
    const long = await owner.get(address).then((answer) => answer.status, () => 431);
    expect([400, 414, 431]).toContain(long);
    expect((await owner.get(`/admin/${owner.org}/partner/customers`)).status).toBe(200);
    expect(world.kontor.log).not.toContain('panicked at');
  } finally {
    await world.stop();
  }
});

interface Standing {
  overview: { grants: { id: string; partner: string; status: string }[] };
  consents: { partner: { org: string; mapping: string } | null };
}

test('kill -9 during a revocation, a change of partner and a list of many leaves no half of it', async () => {
  test.setTimeout(240_000);
  const world = await startWorld('sqlite', { KONTOR_LOG: 'warn' });
  try {
    const partners = await Promise.all(['owner@alpen.test', 'owner@nordlicht.test'].map((email) => Client.signedIn(world.url, email)));
    const [alps, north] = partners as [Client, Client];
    const codes = new Map<string, string>();
    for (const one of partners) {
      const { code } = await one.ask<{ code: { version: number } | null }>('store/map_page', { org: one.org });
      const mine = `KILLED${one === alps ? 'ALPS' : 'NORTH'}`;
      const answer = await one.post('store/change_code', { org: one.org, partner_code: mine, version: `${code?.version ?? 0}` });
      expect([200, 302]).toContain(answer.status);
      codes.set(one.org, mine);
    }
    expect([200, 302]).toContain((await alps.post('admin/add_organisation', organisation(alps.org, 'killed'))).status);
    const invitation = await world.mail.waitFor('killed@example.net');
    const boss = await Client.activated(world.url, 'killed@example.net', invitation.links.find((link) => link.includes('/activate/')) ?? '');
    const { org } = boss;
    const standing = () => boss.ask<Standing>('admin/partner_access', { org });
    const active = (now: Standing) => now.overview.grants.filter((grant) => grant.status === 'active');
    /** Who has the customer in its list: one whose access was withdrawn is behind a filter of its own. */
    const owners = async () => {
      const lists = partners.map(async (one) => {
        const asked = ['', '&access=withdrawn'].map((more) => {
          const query = `q=killed.kontor-test${more}`;
          return one.ask<{ cards: unknown[] }>('admin/customers', { org: one.org, query });
        });
        return (await Promise.all(asked)).reduce((sum, list) => sum + list.cards.length, 0);
      });
      const found = await Promise.all(lists);
      return partners.filter((_, at) => found[at] === 1).map((one) => one.org);
    };
    const killedDuring = async (asked: Promise<unknown>) => {
      const sent = asked.catch(() => undefined);
      await new Promise((done) => setTimeout(done, Math.random() * 40));
      await world.kontor.down('SIGKILL');
      await sent;
      await world.kontor.up();
    };
    for (let round = 0; round < 6; round++) {
      // Another partner: the old one's mapping and access are gone together, or neither is.
      const before = await standing();
      const now = before.consents.partner?.org;
      const other = now === alps.org ? north : alps;
      await killedDuring(boss.post('admin/choose_partner', { org, partner: other.org, partner_code: codes.get(other.org) ?? '', access: 'on', template: 'full', days: '30' }));
      const after = await standing();
      const has = after.consents.partner?.org;
      expect([now, other.org]).toContain(has);
      expect(await owners(), `round ${round}`).toEqual([has]);
      expect(active(after).filter((grant) => grant.partner !== has), 'access of the former partner').toEqual([]);
      if (has === other.org) expect(active(after)).toHaveLength(1);

      // A revocation: access is there, or it is not and says so.
      const [grant] = active(after);
      if (grant === undefined) continue;
      await killedDuring(boss.post('admin/revoke_access', { org, grant: grant.id }));
      const left = await standing();
      expect(['active', 'revoked']).toContain(left.overview.grants.find((one) => one.id === grant.id)?.status);
      expect([200, 302]).toContain((await boss.post('admin/revoke_access', { org, grant: grant.id })).status);
      expect(active(await standing())).toEqual([]);
    }

    // A list of many: asked all or none, and each brought to its customer once.
    const many = Array.from({ length: 400 }, (_, n) => `nobody${n}@killed.example`);
    const list = new FormData();
    list.set('request_key', 'killed-in-the-midst');
    list.set('file', new Blob([[...many, 'killed@example.net'].join('\n')], { type: 'text/csv' }), 'many.csv');
    const asker = (await standing()).consents.partner?.org === alps.org ? north : alps;
    const send = () => asker.upload(`store/ask_customers?org=${asker.org}`, list);
    await killedDuring(send());
    for (const later of ['+6m', '+20m']) {
      await world.kontor.down('SIGKILL');
      await world.kontor.up(later);
    }
    // Whoever got no answer sends again.
    expect((await send()).status).toBe(303);
    await world.mail.waitFor('killed@example.net', undefined, 30_000);
    const asked = (await world.mail.all('killed@example.net')).filter((mail) => mail.links.some((link) => link.includes('partner-access')));
    const ids = new Set(asked.map((mail) => mail.headers['message-id']));
    expect(ids.size).toBe(asked.length);
    expect(await world.kontor.cli('counters', 'verify')).toContain('counters are true');
    await world.kontor.cli('audit', 'verify');
  } finally {
    await world.stop();
  }
});
