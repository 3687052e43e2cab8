// The Partner Console: a partner adds an organisation, proves its domain, manages it and extends its trial; the
// customer sees who did what, and has the last word.
import type { Page } from '@playwright/test';
import { expect, test } from '../world/test.ts';
import type { World } from '../world/world.ts';

const PARTNER = 'owner@nordlicht.test';
const CUSTOMERS = /\/admin\/(org_\w+)\/partner\/customers(\?|$)/;

/** A customer nobody else in this run has. */
function fresh(kind: string): { name: string; domain: string; admin: string; contact: string } {
  const tag = `${kind}${Date.now().toString(36)}`;
  return {
    name: `${tag} Ødegaard & Söhne`,
    domain: `${tag}.kontor-test.example`,
    admin: `eva@${tag}.kontor-test.example`,
    contact: `eva.${tag}@example.net`,
  };
}

type Customer = ReturnType<typeof fresh>;

/** The path of the list of customers of the partner who just signed in. */
async function customersPath(page: Page): Promise<string> {
  await page.waitForURL(/\/store\/org_\w+/);
  const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  return `/admin/${org}/partner/customers`;
}

const article = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

test.describe('with a customer of its own', () => {
  /** Walks *Add organisation* from the list to the list. */
  async function add(
    page: Page,
    { say, settled }: { say: (word: 'Add organisation' | 'Continue') => string; settled: () => Promise<void> },
    customer: Customer,
  ): Promise<void> {
    const go = async (word: 'Add organisation' | 'Continue') => {
      await page.locator('main').getByRole('button', { name: say(word), exact: true }).click();
    };
    await page.locator('[name=organisation]').fill(customer.name);
    await page.locator('[name=domain]').fill(customer.domain);
    await page.locator('[name=country]').selectOption('DE');
    await go('Continue');
    await page.waitForURL(/step=admin/);
    await settled();
    await page.locator('[name=admin_first_name]').fill('Eva');
    await page.locator('[name=admin_last_name]').fill('Ødegaard');
    await page.locator('[name=admin_email]').fill(customer.admin);
    await page.locator('[name=contact_email]').fill(customer.contact);
    await go('Continue');
    await page.waitForURL(/step=plan/);
    await settled();
    await go('Continue');
    await page.waitForURL(/step=review/);
    await settled();
    await expect(page.locator('main').getByText(customer.name)).toBeVisible();
    await go('Add organisation');
    await page.waitForURL(CUSTOMERS);
    await settled();
  }

  /** Proves the customer's domain from its card. */
  async function prove(page: Page, world: World, customer: Customer, say: (word: 'Verify' | 'Check now') => string): Promise<void> {
    const card = article(page, customer.name);
    await card.hover();
    await card.getByRole('link', { name: say('Verify'), exact: true }).click();
    await page.waitForURL(/verify=/);
    await world.dns.addTxt(customer.domain, await page.locator('#proof-value').innerText());
    await page.getByRole('dialog').getByRole('button', { name: say('Check now') }).click();
  }

  test('added, verified, managed, its trial extended, and access taken back @main', async ({
    page,
    visit,
    settled,
    say,
    signInAs,
    world,
    anotherPage,
    expectAccessible,
    tolerate,
    script,
  }) => {
    test.setTimeout(120_000);
    const customer = fresh('hafen');
    await signInAs(PARTNER);
    await expectAccessible();
    const list = await customersPath(page);

    // From the store to the console, as a person would.
    await page.getByRole('link', { name: say('Admin console'), exact: true }).first().click();
    await page.waitForURL(/\/admin\/org_\w+$/);
    await settled();
    await page.getByRole('link', { name: say('Manage customers'), exact: true }).click();
    await page.waitForURL(CUSTOMERS);
    await page.getByRole('link', { name: say('Add organisation'), exact: true }).first().click();
    await page.waitForURL(/customers\/new/);
    await settled();
    await expectAccessible();
    await add(page, { say, settled }, customer);

    const card = article(page, customer.name);
    await expect(card.getByText(say('Unverified'), { exact: true })).toBeVisible();
    await expect(card.getByText(say('Trial'), { exact: true }).first()).toBeVisible();
    await expect(card.getByText(customer.domain, { exact: true })).toBeVisible();
    await expect(card.getByText(customer.admin, { exact: true })).toBeVisible();
    await expect(card.getByRole('button', { name: say('Manage'), exact: true })).toHaveCount(0);

    await prove(page, world, customer, say);
    await expect(page.getByRole('dialog').getByText(say('Domain verified')).first()).toBeVisible();
    await visit(`${list}?q=${customer.domain}`);
    await expect(card).toHaveCount(1);
    await expect(card.getByText(say('Unverified'), { exact: true })).toHaveCount(0);
    await expect(card.getByRole('link', { name: say('Verify'), exact: true })).toHaveCount(0);
    await expectAccessible();

    // Who signed in a moment ago stands in the customer's own console at once.
    await card.hover();
    await card.getByRole('button', { name: say('Manage'), exact: true }).click();
    await page.waitForURL(/\/admin\/org_\w+$/);
    await settled();
    const [, org] = /\/admin\/(org_\w+)$/.exec(page.url()) ?? [];
    const banner = page.getByRole('region', { name: say('Managing {organisation} on its behalf', { organisation: customer.name }) });
    for (const place of ['Dashboard', 'Users', 'Domains', 'Subscription', 'Activity'] as const) {
      await page.getByRole('link', { name: say(place), exact: true }).first().click();
      await expect(page.locator('main h1')).toBeVisible();
      await expect(banner.getByText(customer.domain)).toBeVisible();
      await expectAccessible();
    }

    // Somebody is added on the customer's behalf, and then suspended and restored.
    await visit(`/admin/${org}/users`);
    const added = page.locator('form[action="/api/admin/add_user"]');
    await added.locator('[name=first_name]').fill('Ole');
    await added.locator('[name=last_name]').fill('Jansen');
    await added.locator('[name=email]').fill(`ole@${customer.domain}`);
    await added.getByRole('button', { name: say('Add user'), exact: true }).click();
    const ole = page.getByRole('row', { name: /Ole Jansen/ });
    await expect(ole).toBeVisible();
    await settled();
    await ole.getByRole('button', { name: say('Suspend'), exact: true }).click();
    await settled();
    await ole.getByRole('button', { name: say('Restore'), exact: true }).click();
    await expect(ole.getByRole('button', { name: say('Suspend'), exact: true })).toBeVisible();
    await settled();

    await banner.getByRole('button', { name: say('Leave'), exact: true }).click();
    await page.waitForURL(CUSTOMERS);

    // 15 days, three times, and never more than 60.
    for (let times = 0; times < 3; times++) {
      await visit(`${list}?q=${customer.domain}`);
      await card.getByRole('button', { name: say('Extend trial'), exact: true }).click();
      // With script the page stays, and the card follows.
      if (script) await expect(page.locator('.toast', { hasText: customer.name })).toBeVisible();
    }
    await visit(`${list}?q=${customer.domain}`);
    await expect(card.getByText(say('Maximum of 60 days reached'))).toBeVisible();

    // The customer comes by the link of the mail, sees who was there, and ends it.
    const mail = await world.mail.waitFor(customer.contact);
    const own = await anotherPage();
    await visit(mail.links.find((link) => link.includes('/activate/')) ?? '', own);
    await own.locator('[name=new_password]').fill('four words make one');
    await own.locator('main form button[type=submit]').click();
    await own.waitForURL(/\/admin\/org_\w+$/);
    await settled(own);
    await own.getByRole('link', { name: say('Partner access'), exact: true }).first().click();
    await expect(own.locator('main').getByText(PARTNER).first()).toBeVisible();
    await own.getByRole('link', { name: say('Revoke access'), exact: true }).click();
    await own.getByRole('dialog').getByRole('button', { name: say('Revoke access'), exact: true }).click();
    await own.waitForURL(/partner-access$/);
    await settled(own);
    await expect(own.getByRole('link', { name: say('Revoke access'), exact: true })).toHaveCount(0);

    // Nothing of the customer answers the partner any more.
    tolerate(/404/);
    const refused = await page.goto(`/admin/${org}/users`);
    expect(refused?.status()).toBe(404);
    // It left the list for the filter of those who took their access back.
    await visit(`${list}?q=${customer.domain}`);
    await expect(card).toHaveCount(0);
    await visit(`${list}?access=withdrawn&q=${customer.domain}`);
    await expect(card.getByRole('button', { name: say('Manage'), exact: true })).toBeDisabled();
    await world.dns.remove(customer.domain);
  });

  test('a known address is refused and led on, nothing typed is lost', async ({ page, visit, settled, say, signInAs }) => {
    await signInAs(PARTNER);
    const list = await customersPath(page);
    await visit(`${list}/new`);
    const customer = { ...fresh('doppelt'), admin: 'admin@kunde-01.test', contact: 'admin@kunde-01.test' };
    await page.locator('[name=organisation]').fill(customer.name);
    await page.locator('[name=domain]').fill(customer.domain);
    await page.locator('[name=country]').selectOption('DE');
    await page.getByRole('button', { name: say('Continue'), exact: true }).click();
    await page.waitForURL(/step=admin/);
    await settled();
    await page.locator('[name=admin_first_name]').fill('Eva');
    await page.locator('[name=admin_last_name]').fill('Müller');
    await page.locator('[name=admin_email]').fill(customer.admin);
    for (const step of ['plan', 'review']) {
      await page.getByRole('button', { name: say('Continue'), exact: true }).click();
      await page.waitForURL(new RegExp(`step=${step}`));
      await settled();
    }
    await page.locator('main').getByRole('button', { name: say('Add organisation'), exact: true }).click();
    await page.waitForURL(/state=/);
    await settled();
    await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
    await expect(page.locator('#admin_email')).toHaveText(customer.admin);
    // Whoever leaves finds the draft again.
    await visit(`${list}/new`);
    await expect(page.locator('[name=organisation]')).toHaveValue(customer.name);
  });
});

test('searching, filtering, sorting and paging are addresses @main', async ({ page, visit, settled, say, signInAs, script }) => {
  await signInAs(PARTNER);
  const list = await customersPath(page);
  await visit(list);
  const cards = page.getByRole('article');
  await expect(cards).toHaveCount(24);
  await page.getByRole('link', { name: say('Next page'), exact: true }).click();
  await page.waitForURL(/after=/);
  await expect(page.getByRole('link', { name: say('Previous page'), exact: true })).toBeVisible();
  await page.getByRole('link', { name: say('Previous page'), exact: true }).click();
  await expect(cards).toHaveCount(24);

  await settled();
  const search = page.getByRole('searchbox', { name: say('Search customers') });
  await search.fill('hafen');
  if (!script) await search.press('Enter');
  await page.waitForURL(/q=hafen/);
  await expect(cards).not.toHaveCount(24);
  await expect(cards.first()).toBeVisible();

  await visit(`${list}?status=trial`);
  await expect(cards.first().getByText(say('Trial'), { exact: true }).first()).toBeVisible();
  await visit(`${list}?view=list`);
  await expect(page.getByRole('table')).toBeVisible();
  const csv = await page.request.get(`${list}?format=csv&status=trial`);
  expect(csv.headers()['content-type']).toContain('text/csv');
  expect((await csv.text()).split('\n').length).toBeGreaterThan(2);
});

test('pressing Extend trial twice extends once', async ({ page, signInAs, say }) => {
  await signInAs('owner@alpen.test');
  const list = await customersPath(page);
  await page.goto(`${list}?status=trial&q=Enzian`);
  const form = page.locator('form[action^="/api/admin/extend_trial"]').first();
  const fields = await form.locator('input[type=hidden]').evaluateAll((inputs) =>
    Object.fromEntries(inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value])),
  );
  const send = () =>
    page.request.post('/api/admin/extend_trial', {
      form: fields,
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
    });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200]);
  await page.goto(`/admin/${fields.org}/partner/customers/${fields.customer}/trial`);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  await expect(page.getByText(say('Extend trial by 15 days'))).toBeVisible();
});
