// Users & roles of the Partner Store: a role of the partner's own, somebody with it, and what they then see.
import type { Page } from '@playwright/test';
import { expect, test } from '../world/test.ts';

/** The path of the store's people, for whoever just signed in. */
async function usersPath(page: Page): Promise<string> {
  await page.waitForURL(/\/store\/org_\w+/);
  const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  return `/store/${org}/users`;
}

test('a partner makes a role, adds somebody with it, and they see what it says @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
  tolerate,
}) => {
  const tag = Date.now().toString(36);
  const [role, email] = [`Team ${tag}`, `neu.${tag}@nordlicht.test`];
  await signInAs('owner@nordlicht.test');
  const users = await usersPath(page);
  await visit(users);
  await expectAccessible();

  // A role without a name or anything it allows is none, and what was typed stays.
  await page.getByRole('link', { name: say('Add role'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await expectAccessible();
  await page.locator('[name=description]').fill('Für das Team');
  await page.getByLabel(say('see reports'), { exact: true }).check();
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await expect(page.locator('[name=description]')).toHaveValue('Für das Team');
  await expect(page.getByLabel(say('see reports'), { exact: true })).toBeChecked();
  await expect(page.getByLabel(say('see customers'), { exact: true })).not.toBeChecked();
  await page.locator('[name=name]').fill(role);
  await page.getByLabel(say('see customers'), { exact: true }).check();
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  const line = page.getByRole('row').filter({ has: page.getByRole('rowheader').filter({ hasText: role }) });
  await expect(line).toContainText(say('see reports'));
  await settled();

  // Nobody comes in without a role.
  await page.getByRole('link', { name: say('Add person'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await expectAccessible();
  const send = page.locator('form[action="/api/store/add_person"] button[type=submit]');
  await page.locator('[name=email]').fill(email);
  await send.click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.locator('[name=role]')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('[name=email]')).toHaveValue(email);
  await page.locator('[name=role]').selectOption({ label: role });
  await send.click();
  const person = page.getByRole('row').filter({ hasText: email });
  await expect(person).toContainText(role);
  await settled();
  await expectAccessible();

  // They come by the link of the mail, to the one page that is theirs.
  const mail = await world.mail.waitFor(email);
  const own = await anotherPage();
  await visit(mail.links.find((link) => link.includes('/activate/')) ?? '', own);
  await own.locator('[name=new_password]').fill('four words make one');
  await own.locator('main form button[type=submit]').click();
  await own.waitForURL(/\/store\/org_\w+\/customers$/);
  await settled(own);
  await expect(own.getByRole('article').first()).toBeVisible();
  await expect(own.locator(`a[href="${users}"]`)).toHaveCount(0);
  tolerate(/403/);
  expect((await own.goto(users))?.status()).toBe(403);

  // A role that somebody has stays; what it allows holds at once.
  await line.getByRole('link').click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await page.getByRole('button', { name: say('Delete role'), exact: true }).click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await page.getByLabel(say('see customers'), { exact: true }).uncheck();
  await page.getByLabel(say('manage users and roles'), { exact: true }).check();
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(line).toContainText(say('manage users and roles'));
  await settled();
  expect((await own.goto(users))?.status()).toBe(200);
  expect((await own.goto(users.replace('/users', '/customers')))?.status()).toBe(403);

  // Another role, and then the one that nobody has any more goes.
  await person.getByRole('link', { name: say('Change role'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await page.locator('[name=role]').selectOption('partner-sales');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(person).not.toContainText(role);
  await settled();
  expect((await own.goto(users))?.status()).toBe(403);
  await line.getByRole('link').click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await page.getByRole('button', { name: say('Delete role'), exact: true }).click();
  await expect(line).toHaveCount(0);
  await settled();

  await person.getByRole('button', { name: say('Suspend'), exact: true }).click();
  await expect(person.getByRole('button', { name: say('Restore'), exact: true })).toBeVisible();
  await settled();
  tolerate(/404/);
  expect((await own.goto(users.replace('/users', '')))?.status()).toBe(404);
});

test('the only owner stays one, and is told why', async ({ page, visit, settled, say, signInAs }) => {
  await signInAs('owner@alpen.test');
  await visit(await usersPath(page));
  const owner = page.getByRole('row').filter({ hasText: 'owner@alpen.test' });
  await owner.getByRole('link', { name: say('Change role'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await page.locator('[name=role]').selectOption('partner-sales');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await visit(new URL(page.url()).pathname);
  await owner.getByRole('button', { name: say('Suspend'), exact: true }).click();
  await page.waitForURL(/state=/);
  await expect(page.locator('.notice')).toBeVisible();
});

test("the store lists the partner's customers at an address of its own", async ({ page, visit, signInAs, expectAccessible }) => {
  await signInAs('owner@nordlicht.test');
  const customers = (await usersPath(page)).replace('/users', '/customers');
  await visit(customers);
  await expect(page.getByRole('article').first()).toBeVisible();
  await expectAccessible();
  const csv = await page.request.get(`${customers}?format=csv`);
  expect(csv.headers()['content-type']).toContain('text/csv');
});
