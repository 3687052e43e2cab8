// A partner's access to a customer's console: limited, ended, asked for, given again; and the vendor's way in without consent.
import type { Page } from '@playwright/test';
import { Client, organisation } from '../world/client.ts';
import { DEMO_PASSWORD, expect, test } from '../world/test.ts';

const press = (page: Page, call: string, name: string) =>
  page.locator(`form[action^="${call}"]`).getByRole('button', { name, exact: true }).click();

test('access is limited, revoked, asked for again and answered @main', async ({
  page,
  visit,
  settled,
  say,
  world,
  anotherPage,
  expectAccessible,
}) => {
  // A long way, by two people.
  test.setTimeout(120_000);
  const key = `acc-${Date.now().toString(36)}`;
  const email = `${key}@example.net`;
  const north = await Client.signedIn(world.url, 'owner@nordlicht.test');
  await north.ask('admin/add_organisation', organisation(north.org, key));
  const invitation = await world.mail.waitFor(email);
  await visit(invitation.links.find((link) => link.includes('/activate/')) ?? '');
  await page.locator('[name=new_password]').fill('four words make one');
  await page.locator('main form button[type=submit]').click();
  await page.waitForURL(/\/admin\/org_\w+$/);
  const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
  const access = `/admin/${org}/partner-access`;

  // Everybody who can touch the organisation is on one page.
  await visit(access);
  const parties = page.locator('section.card').filter({ has: page.locator('#parties') });
  await expect(parties.getByRole('row').filter({ hasText: 'Nordlicht' })).toHaveCount(2);
  await expect(parties.getByRole('row').filter({ hasText: email })).toHaveCount(1);
  await expectAccessible();

  // Less: the form says what each choice opens, and one's own choice needs a choice.
  await page.getByRole('link', { name: say('Change'), exact: true }).click();
  await page.waitForURL(/change=gra_/);
  await settled();
  const form = page.locator('form[action="/api/admin/change_access"]');
  await expect(form.locator('[name="capabilities[]"]').first()).toBeHidden();
  await form.getByLabel(say('Our own choice')).check();
  await expect(form.locator('[name="capabilities[]"]').first()).toBeVisible();
  await expectAccessible();
  for (const box of await form.locator('[name="capabilities[]"]:checked').all()) await box.uncheck();
  await press(page, '/api/admin/change_access', say('Change'));
  await settled();
  await expect(form.locator('#capabilities')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel(say('Helpdesk')).check();
  await form.locator('[name=days]').selectOption('30');
  await press(page, '/api/admin/change_access', say('Change'));
  await page.waitForURL(/partner-access$/);
  await settled();
  const changed = await world.mail.waitFor('owner@nordlicht.test', `Client ${key}`);
  expect(changed.links.some((link) => link.includes('/customers/'))).toBe(true);

  // Ended, and asked for again by the partner with one click.
  await page.getByRole('link', { name: say('Revoke access'), exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await press(page, '/api/admin/revoke_access', say('Revoke access'));
  await page.waitForURL(/partner-access$/);
  await settled();
  const partner = await anotherPage();
  await partner.goto('/signin');
  await settled(partner);
  await partner.locator('[name=email]').fill('owner@nordlicht.test');
  await partner.locator('[name=password]').fill(DEMO_PASSWORD);
  await partner.locator('form:has([name=password]) button[type=submit]').click();
  await partner.waitForURL(/\/store\/org_\w+/);
  await visit(`/store/${north.org}/customers/${org}`, partner);
  const card = partner.locator('section.card').filter({ has: partner.locator('#access') });
  await expect(card).toBeVisible();
  await press(partner, '/api/store/ask_access', say('Ask again, same terms'));
  await expect(card.getByRole('button', { name: say('Take back the request') })).toBeVisible();
  await settled(partner);

  // The customer reads what is asked and gives just that.
  await visit(access);
  const question = page.locator('form[action="/api/admin/answer_access"]');
  await expect(question.getByLabel(say('As asked'))).toBeChecked();
  await expectAccessible();
  await question.getByRole('button', { name: say('Give access') }).click();
  await expect(question).toHaveCount(0);
  await settled();

  // The partner gives it up; the customer gives it again with one click.
  await visit(`/store/${north.org}/customers/${org}`, partner);
  await partner.getByRole('link', { name: say('Give up access'), exact: true }).click();
  await expect(partner.locator('dialog[open]')).toBeVisible();
  await settled(partner);
  await press(partner, '/api/store/give_up_access', say('Give up access'));
  await partner.waitForURL(/\/customers\/org_\w+$/);
  await settled(partner);
  await visit(access);
  await press(page, '/api/admin/restore_access', say('Give again'));
  await expect(page.getByRole('link', { name: say('Change'), exact: true })).toBeVisible();
  await settled();
});

test('the vendor enters without consent, and the customer ends it', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  world,
  expectAccessible,
  tolerate,
}) => {
  const customer = await Client.signedIn(world.url, 'admin@kunde-04.test');
  await signInAs('admin@vendor.test');
  await settled();
  await visit(`/vendor/customers/${customer.org}/enter`);
  await expectAccessible();
  const enter = () => press(page, '/api/vendor/break_glass', say('Enter'));
  await enter();
  await settled();
  await expect(page.locator('[name=reason]')).toHaveAttribute('aria-invalid', 'true');
  await page.locator('[name=reason]').fill('Der Super-Admin hat sich ausgesperrt.');
  await enter();
  await page.waitForURL(new RegExp(`/admin/${customer.org}$`));
  await settled();
  await expect(page.getByText(say('Leave'), { exact: true }).first()).toBeVisible();
  const mail = await world.mail.waitFor('admin@kunde-04.test', /console|Konsole/);
  expect(mail.text).toContain('ausgesperrt');
  expect(mail.links.some((link) => link.includes('/partner-access'))).toBe(true);

  const grants = (await customer.ask<{ overview: { grants: { id: string; kind: string; status: string }[] } }>('admin/partner_access', { org: customer.org })).overview.grants;
  const broken = grants.find((grant) => grant.kind === 'break_glass' && grant.status === 'active');
  expect((await customer.post('admin/revoke_access', { org: customer.org, grant: broken?.id ?? '' })).status).toBe(200);
  // The browser notes it, too.
  tolerate(/403/);
  const gone = await page.goto(`/admin/${customer.org}/users`);
  expect(gone?.status()).toBe(403);
  await settled();
});
