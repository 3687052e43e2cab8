// Two nodes on one PostgreSQL: whatever is asked of both at once happens once, and what one decides the other knows.
import { expect, test } from '../world/test.ts';
import { Client, organisation } from '../world/client.ts';
import { DEMO_PASSWORD, startWorld } from '../world/world.ts';

interface Card {
  org: string;
  name: string;
  /** Days since 1970-01-01. */
  trial_ends_on: number | null;
  admin_email: string;
  extend: string;
  manage: string;
}

test('two nodes are one programme', async ({ browser }) => {
  test.setTimeout(120_000);
  const world = await startWorld('postgres');
  const second = world.kontor.node();
  try {
    await second.up();
    const here = await Client.signedIn(world.url, 'owner@alpen.test');
    const there = here.at(second.url);
    const org = here.org;
    const cards = async (client: Client, query: string) => (await client.ask<{ cards: Card[] }>('admin/customers', { org, query })).cards;

    await test.step('a trial is extended once', async () => {
      const [trial] = (await cards(here, 'status=trial')).filter((card) => card.extend === 'Open');
      if (!trial?.trial_ends_on) throw new Error('the demo has no trial to extend');
      const form = { org, customer: trial.org, request_key: `from-${new Date(trial.trial_ends_on * 86_400_000).toISOString().slice(0, 10)}` };
      const answers = await Promise.all([here, there, here, there].map((client) => client.post('admin/extend_trial', form)));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
      const [after] = (await cards(there, 'status=trial')).filter((card) => card.org === trial.org);
      expect(after?.trial_ends_on).toBe(trial.trial_ends_on + 15);
    });

    await test.step('an organisation is added once, and its mail is one', async () => {
      const form = organisation(org, 'both');
      const answers = await Promise.all([here, there, here, there].map((client) => client.post('admin/add_organisation', form)));
      for (const answer of answers) expect([200, 302]).toContain(answer.status);
      expect(await cards(there, 'q=both.kontor-test')).toHaveLength(1);
      await world.mail.waitFor('both@example.net');
      expect(await world.mail.all('both@example.net')).toHaveLength(1);
    });

    await test.step('one of two decisions counts', async () => {
      const reviewer = await Client.signedIn(world.url, 'reviewer@vendor.test');
      const admin = (await Client.signedIn(world.url, 'admin@vendor.test')).at(second.url);
      const [, queue] = await reviewer.ask<[unknown, { rows: { id: string }[] }]>('review/queue', { search: 'status=submitted' });
      const application = queue.rows[0]?.id ?? '';
      const { version } = await reviewer.ask<{ version: number }>('review/detail', { application });
      const which = { application, version: `${version}` };
      const answers = await Promise.all([
        reviewer.post('review/approve', { ...which, tier: 'authorized', rate: '20', currency: 'EUR', manager: '' }),
        admin.post('review/reject', { ...which, reason: 'quality', note: '', reapply_on: '' }),
      ]);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status >= 400 && answer.status < 500)).toHaveLength(1);
    });

    await test.step('an open page hears what happened at the other node', async () => {
      const context = await browser.newContext({ baseURL: second.url, locale: 'en-GB' });
      const page = await context.newPage();
      await page.goto('/signin');
      await page.locator('[name=email]').fill('owner@alpen.test');
      await page.locator('[name=password]').fill(DEMO_PASSWORD);
      await page.locator('form:has([name=password]) button[type=submit]').click();
      await page.waitForURL(/\/store\/org_/);
      await page.goto(`/admin/${org}/partner/customers?q=live.kontor-test`);
      await page.locator('html[data-hydrated]').waitFor();
      await expect(page.getByRole('article')).toHaveCount(0);
      expect((await here.post('admin/add_organisation', organisation(org, 'live'))).status).toBeLessThan(400);
      await expect(page.getByRole('article')).toHaveCount(1);
      await context.close();
    });

    await test.step('access taken back at one node is gone at the other', async () => {
      const [customer] = (await cards(there, 'status=active')).filter((card) => card.manage === 'Open');
      if (!customer) throw new Error('the demo has no customer to manage');
      const entered = await there.post('admin/manage', { org, customer: customer.org, asked: 'true', password: DEMO_PASSWORD });
      expect([200, 302]).toContain(entered.status);
      expect((await there.get(`/admin/${customer.org}/users`)).status).toBe(200);
      const stream = await there.get(`/events?org=${customer.org}`);
      expect(stream.status).toBe(200);
      const ended = stream.text();
      const admin = await Client.signedIn(world.url, customer.admin_email);
      const { overview: access } = await admin.ask<{ overview: { grants: { id: string; status: string; version: number }[] } }>('admin/partner_access', {
        org: customer.org,
      });
      const { id: grant, version } = access.grants.find((row) => row.status === 'active') ?? { id: '', version: 0 };
      // Limited here, the next request there may less; the stay goes on.
      const less = { org: customer.org, grant, version: `${version}`, template: 'subscription', days: '' };
      expect((await admin.post('admin/change_access', less)).status).toBe(200);
      expect((await there.get(`/admin/${customer.org}/users`)).status).toBe(403);
      expect((await there.get(`/admin/${customer.org}`)).status).toBe(200);
      expect((await admin.post('admin/revoke_access', { org: customer.org, grant })).status).toBe(200);
      // Whoever was inside is told why, for a few minutes.
      expect((await there.get(`/admin/${customer.org}`)).status).toBe(403);
      await ended;
    });
  } finally {
    await second.down();
    await world.stop();
  }
});
