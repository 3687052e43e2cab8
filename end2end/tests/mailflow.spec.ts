// The mail flow of a domain: four lamps over real DNS, the records to set, the key, the primary domain, and the settings of mail.
import type { Page } from '@playwright/test';
import { expect, test } from '../world/test.ts';

/** The console of whoever is signed in. */
async function consolePath(page: Page): Promise<string> {
  await page.waitForURL(/\/admin\/org_\w+/);
  const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
  return `/admin/${org}`;
}

const press = (page: Page, call: string) => page.locator(`form[action="/api/admin/${call}"] button`).click();

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();

/** Without horizontal scrolling, also on a small phone. */
async function expectNarrow(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}

test('a domain is proved, its records are set, its key is replaced, it becomes the primary one @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  world,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  await signInAs('admin@kunde-05.test');
  const domains = `${await consolePath(page)}/domains`;
  const name = `post-${Date.now().toString(36)}.kontor-test.example`;
  await visit(domains);
  await page.locator('form[action="/api/admin/add_domain"] input[name=domain]').fill(name);
  await press(page, 'add_domain');
  await page.waitForURL(/verify=/);
  await settled();
  await world.dns.addTxt(name, await text(page, 'proof-value'));
  await page.getByRole('dialog').getByRole('button', { name: say('Check now') }).click();
  await expect(page.getByRole('dialog').getByText(say('Domain verified')).first()).toBeVisible();

  // The list leads to the domain's page. The first look may be under way; our own is counted all the same.
  await visit(domains);
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('link', { name: say('Show records') }).click();
  await page.waitForURL(/\/domains\/dom_\w+/);
  await settled();
  await press(page, 'check_mail');
  await settled();
  for (const lamp of ['MX: missing', 'SPF: missing', 'DKIM: missing', 'DMARC: missing'] as const) {
    await expect(page.getByText(say(lamp), { exact: true }).first()).toBeVisible();
  }
  await expectAccessible();
  await expectNarrow(page);

  const selector = await text(page, 'dkim-0-host');
  for (const [i, priority] of [10, 20, 50].entries()) await world.dns.addMx(name, priority, await text(page, `mx-${i}-value`));
  await world.dns.addTxt(name, await text(page, 'spf-0-value'));
  const dkim = `${selector.split('.')[0]}._domainkey.${name}`;
  await world.dns.addTxt(dkim, await text(page, 'dkim-0-value'));
  await world.dns.addTxt(`_dmarc.${name}`, await text(page, 'dmarc-0-value'));
  await press(page, 'check_mail');
  await settled();
  for (const lamp of ['MX: right', 'SPF: right', 'DKIM: right', 'DMARC: right'] as const) {
    await expect(page.getByText(say(lamp), { exact: true }).first()).toBeVisible();
  }

  // A second SPF record makes both void.
  await world.dns.addTxt(name, 'v=spf1 -all');
  await press(page, 'check_mail');
  await settled();
  await expect(page.getByText(say('SPF: differs'), { exact: true }).first()).toBeVisible();
  await expectAccessible();

  // The key in use stays until the new one is seen.
  await press(page, 'new_mail_key');
  await settled();
  expect(await text(page, 'dkim-0-host')).not.toBe(selector);
  await press(page, 'check_mail');
  await settled();
  await expect(page.getByText(say('DKIM: right'), { exact: true }).first()).toBeVisible();

  await press(page, 'make_primary');
  await page.waitForURL(/\/domains$/);
  await settled();
  await expect(row).toContainText(say('Primary'));
  await expectNarrow(page);
  // As it was, for whoever comes next.
  const old = page.getByRole('row').filter({ hasText: 'kunde-05.test' });
  await old.getByRole('link', { name: say('Show records') }).click();
  await page.waitForURL(/\/domains\/dom_\w+/);
  await settled();
  await press(page, 'make_primary');
  await page.waitForURL(/\/domains$/);
  await settled();
  await expect(old).toContainText(say('Primary'));
  for (const gone of [name, dkim, `_dmarc.${name}`]) await world.dns.remove(gone);
});

test('settings of mail are kept, and what is wrong is said @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  expectAccessible,
}) => {
  await signInAs('admin@kunde-09.test');
  const mail = `${await consolePath(page)}/mail`;
  await visit(mail);
  await expect(page.getByRole('heading', { level: 1, name: say('Mail flow') })).toBeVisible();
  // The demo: one record is not as it is to be.
  await expect(page.getByText(say('MX: right'), { exact: true })).toBeVisible();
  await expect(page.getByText(say('SPF: differs'), { exact: true })).toBeVisible();
  await expectAccessible();
  await expectNarrow(page);
  await page.locator('[name=catch_all]').fill('nobody@elsewhere.example');
  await page.locator('[name=footer]').fill('Nordsee Reederei\nHamburg <&>');
  await page.locator('[name=keep_days]').fill('90');
  await press(page, 'save_mail');
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await expect(page.locator('[name=catch_all]')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('[name=footer]')).toHaveValue('Nordsee Reederei\nHamburg <&>');
  await expectAccessible();
  await page.locator('[name=catch_all]').fill('admin@kunde-09.test');
  await page.locator('[name=forwarding]').check();
  await press(page, 'save_mail');
  await page.waitForURL(/\/mail$/);
  await settled();
  await expect(page.locator('[name=catch_all]')).toHaveValue('admin@kunde-09.test');
  await expect(page.locator('[name=forwarding]')).toBeChecked();
  await expect(page.locator('[name=keep_days]')).toHaveValue('90');
  await page.locator('[name=forwarding]').uncheck();
  await press(page, 'save_mail');
  await settled();
  await expect(page.locator('[name=forwarding]')).not.toBeChecked();
});
