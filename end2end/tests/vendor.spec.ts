// The vendor's side: partners, all customers, jobs, settings, staff.
import { expect, test } from '../world/test.ts';

test('staff see partners and customers, and change a partner', async ({ page, visit, settled, say, signInAs, expectAccessible }) => {
  await signInAs('admin@vendor.test');
  await visit('/vendor/partners');
  await expectAccessible();
  const row = page.getByRole('row', { name: /Alpen Systems/ });
  await row.locator('a[href*="change="]').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await settled();
  await expectAccessible();
  await dialog.getByLabel(say('Tier')).selectOption('premium');
  await dialog.getByLabel(say('Commission rate (%)')).fill('101');
  await dialog.getByRole('button', { name: say('Save'), exact: true }).click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await page.getByLabel(say('Commission rate (%)')).fill('22,5');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(row.getByText('22.5')).toBeVisible();
  await settled();

  // A suspended partner may do nothing, and may again once it is reactivated.
  await row.locator('a[href*="suspend="]').click();
  await page.getByRole('dialog').locator('button[name=status][value=suspended]').click();
  await expect(row.locator('button[name=status][value=active]')).toBeVisible();
  await settled();
  await row.locator('button[name=status][value=active]').click();
  await expect(row.locator('a[href*="suspend="]')).toBeVisible();

  await visit('/vendor/customers');
  await expect(page.getByRole('article').first()).toBeVisible();
  await expectAccessible();
  await visit('/vendor/jobs');
  await expect(page.locator('main h1')).toBeVisible();
  await expectAccessible();
});

test('a setting is changed, checked and set back', async ({ page, visit, settled, say, signInAs, expectAccessible }) => {
  await signInAs('admin@vendor.test');
  await visit('/settings');
  await expectAccessible();
  await page.locator('a[href*="edit=trial_days"]').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await settled();
  await expectAccessible();
  await page.locator('[name=value]').fill('4000');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  // What was typed for this rule is none of the next one's.
  await page.locator('dialog .dialog-foot a').click();
  await page.locator('a[href*="edit=trial_step"]').click();
  await expect(page.locator('[name=value]')).toHaveValue('15');
  await page.locator('dialog .dialog-foot a').click();
  await page.locator('a[href*="edit=trial_days"]').click();
  await page.locator('[name=value]').fill('14');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  const row = page.locator('tr', { has: page.locator('#rule-trial_days') });
  await expect(row.locator('strong')).toHaveText('14');
  await settled();
  await row.locator('a').click();
  await settled();
  await page.locator('button[name=default]').click();
  await expect(row.locator('strong')).toHaveCount(0);
});

test('a reviewer sees what the role says, and is told the rest is not for them', async ({ page, visit, signInAs, tolerate }) => {
  await signInAs('reviewer@vendor.test');
  tolerate(/403/);
  const refused = await page.goto('/settings');
  expect(refused?.status()).toBe(403);
  await visit('/review');
  await expect(page.locator('main h1')).toBeVisible();
});

test('staff are added by their vendor admin, and suspended', async ({ page, visit, settled, say, signInAs, world, expectAccessible }) => {
  const email = `neu.${Date.now().toString(36)}@vendor.test`;
  await signInAs('admin@vendor.test');
  await visit('/settings/staff');
  await expectAccessible();
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=first_name]').fill('Nadja');
  await page.locator('[name=last_name]').fill('Neu');
  await page.locator('[name=role]').selectOption('reviewer');
  await page.locator('form[action="/api/settings/add_staff"] button[type=submit]').click();
  const row = page.getByRole('row', { name: /Nadja Neu/ });
  await expect(row).toBeVisible();
  await settled();
  expect((await world.mail.waitFor(email)).links.some((link) => link.includes('/activate/'))).toBe(true);
  await row.getByRole('button', { name: say('Suspend'), exact: true }).click();
  await expect(row.getByRole('button', { name: say('Restore'), exact: true })).toBeVisible();
});

test('the pages of the demo and the help are there', async ({ page, visit, expectAccessible, say, signInAs }) => {
  // The mails of this world go to a mail server, and the page says so.
  await visit('/demo/mail');
  await expect(page.locator('main h1')).toBeVisible();
  await expectAccessible();
  await visit('/demo/dns');
  await expectAccessible();
  await signInAs('reviewer@vendor.test');
  await visit('/help');
  await expect(page.getByRole('link', { name: say('Help'), exact: true }).first()).toBeVisible();
  await expectAccessible();
});

test('figures are for the operator alone', async ({ page, visit }) => {
  await visit('/');
  const figures = await page.request.get('/metrics');
  expect(figures.status()).toBe(200);
  const text = await figures.text();
  expect(text).toMatch(/kontor_http_requests_total\{[^}]*route="\/"[^}]*\} [1-9]/);
  expect(text).toContain('kontor_jobs{state="overdue"}');
  // Whoever comes through a proxy is not the operator.
  expect((await page.request.get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status()).toBe(404);
});
