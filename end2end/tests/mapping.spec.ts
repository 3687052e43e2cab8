// How a customer that is there already comes to a partner, and leaves it: asked, by code, by token, and on its own.
import type { Page } from '@playwright/test';
import { Client, organisation } from '../world/client.ts';
import { expect, test } from '../world/test.ts';

const press = (page: Page, call: string, name: string) =>
  page.locator(`form[action^="${call}"]`).getByRole('button', { name, exact: true }).click();

test('a customer is asked, agrees, is let go, takes a code, hands a token on, and leaves @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
}) => {
  // A long way, by two people.
  test.setTimeout(120_000);
  const key = `map-${Date.now().toString(36)}`;
  const [admin, code] = [`${key}@example.net`, `C${Date.now().toString(36).toUpperCase()}`];
  const north = await Client.signedIn(world.url, 'owner@nordlicht.test');
  await north.ask('admin/add_organisation', organisation(north.org, key));
  const invitation = await world.mail.waitFor(admin);
  const customer = await anotherPage();
  await visit(invitation.links.find((link) => link.includes('/activate/')) ?? '', customer);
  await customer.locator('[name=new_password]').fill('four words make one');
  await customer.locator('main form button[type=submit]').click();
  await customer.waitForURL(/\/admin\/org_\w+$/);

  // The partner asks. It is told nothing but that it has asked.
  await signInAs('owner@alpen.test');
  await page.waitForURL(/\/store\/org_\w+/);
  const [, alps] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  const mapping = `/store/${alps}/mapping`;
  await visit(mapping);
  await expect(page.getByRole('heading', { level: 1, name: say('Map customer') })).toBeVisible();
  await expectAccessible();
  const asks = page.locator('form[action="/api/store/ask_customer"]');
  await asks.locator('[name=email]').fill('no address');
  await press(page, '/api/store/ask_customer', say('Send request'));
  await page.waitForURL(/state=/);
  await settled();
  await expect(asks.locator('[name=email]')).toHaveAttribute('aria-invalid', 'true');
  for (const email of [admin, `nobody-${key}@example.net`]) {
    await asks.locator('[name=email]').fill(email);
    await asks.locator('[name=message]').fill('Grüezi, wir kennen uns von der Messe.');
    await press(page, '/api/store/ask_customer', say('Send request'));
    await expect(page.getByRole('row').filter({ hasText: email })).toContainText(say('Open'));
    await settled();
  }
  await expectAccessible();

  // Many are asked by a file, all or none.
  const many = async (lines: string[]) => {
    const buffer = Buffer.from(lines.join('\n'));
    await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer });
    await press(page, '/api/store/ask_customers', say('Send requests'));
    await settled();
  };
  await many(['E-Mail', `one-${key}@example.net`, 'no address']);
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toContainText('3');
  await expect(page.getByRole('row').filter({ hasText: `one-${key}` })).toHaveCount(0);
  await many(['E-Mail', `one-${key}@example.net`, `two-${key}@example.net`, admin]);
  await page.waitForURL(/asked=2&open=1/);
  await expect(page.getByRole('row').filter({ hasText: `two-${key}` })).toContainText(say('Open'));

  // The customer's admin finds it by the mail, sees what it means, and agrees with access.
  const asked = await world.mail.waitFor(admin);
  expect(asked.text).toContain('Grüezi, wir kennen uns von der Messe.');
  const access = asked.links.find((link) => link.includes('/partner-access')) ?? '';
  await visit(access, customer);
  const question = customer.locator('section.card').filter({ has: customer.locator('form[action="/api/admin/answer_partner"]') });
  await expect(question).toContainText('Alpen');
  await expect(question).toContainText('Nordlicht');
  await customer.locator('[name=access]').first().check();
  await press(customer, '/api/admin/answer_partner', say('Map'));
  await expect(customer.locator('section.card').filter({ has: customer.locator('#own-partner') })).toContainText('Alpen');
  await settled(customer);
  await expect(question).toHaveCount(0);

  // The partner lets it go.
  await visit(mapping);
  const line = page.getByRole('row').filter({ hasText: new RegExp(`^\\s*${admin.replaceAll('.', '\\.')}`) });
  await expect(line).toContainText(say('Agreed'));
  await line.getByRole('link').click();
  await page.waitForURL(/\/customers\/org_\w+/);
  await settled();
  await page.getByRole('link', { name: say('End partnership'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await expectAccessible();
  await press(page, '/api/store/release_customer', say('End partnership'));
  await page.waitForURL(/\/partner\/customers/);
  await settled();

  // It comes back by the partner's code.
  await visit(mapping);
  await page.locator('[name=partner_code]').fill(code);
  await page.locator('form[action="/api/store/change_code"] button[type=submit]').click();
  await expect(page.locator('#partner-code')).toHaveText(code);
  await settled();
  await visit(`/partner-code/${code.toLowerCase()}`, customer);
  await customer.waitForURL(/partner-access\?partner_code=/);
  await settled(customer);
  await press(customer, '/api/admin/choose_partner', say('Map'));
  await expect(customer.locator('section.card').filter({ has: customer.locator('#own-partner') })).toContainText('Alpen');
  await settled(customer);

  // A token takes it to the other partner, once.
  await press(customer, '/api/admin/make_token', say('Make token'));
  const token = await customer.locator('#new-token code').innerText();
  await settled(customer);
  const used = await north.post('store/use_token', { org: north.org, customer_token: token });
  expect(used.status).toBeLessThan(400);
  const again = await Client.signedIn(world.url, 'owner@alpen.test');
  expect((await again.post('store/use_token', { org: again.org, customer_token: token })).status).toBe(409);
  await visit(access, customer);
  const own = customer.locator('section.card').filter({ has: customer.locator('#own-partner') });
  await expect(own).toContainText('Nordlicht');

  // And it leaves, without asking anybody.
  await customer.getByRole('link', { name: say('Leave partner'), exact: true }).click();
  await expect(customer.locator('dialog[open]')).toBeVisible();
  await settled(customer);
  await press(customer, '/api/admin/leave_partner', say('Leave partner'));
  await expect(customer.locator('#own-partner')).toHaveCount(0);
  const gone = await north.get(`/admin/${north.org}/partner/customers?q=${key}`);
  expect(await gone.text()).not.toContain(`Client ${key}`);
});

test('guessing codes ends soon, and a code that is nobody’s says so', async ({ page, visit, settled, signInAs, expectAccessible, tolerate }) => {
  await signInAs('admin@kunde-03.test');
  await page.waitForURL(/\/admin\/org_\w+/);
  const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
  for (let n = 0; n < 11; n += 1) {
    await visit(`/admin/${org}/partner-access?partner_code=GUESS${n}X`);
  }
  await expect(page.locator('#partner_code-error, [id$=-error]').first()).toBeVisible();
  await expect(page.locator('[name=partner_code]')).toHaveAttribute('aria-invalid', 'true');
  await settled();
  await expectAccessible();
  tolerate(/409/);
});
