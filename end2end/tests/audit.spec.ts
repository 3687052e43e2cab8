// The trail proves itself: a customer and its partner download it, anybody checks it, and what was tampered with is found.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Client, organisation } from '../world/client.ts';
import { expect, test } from '../world/test.ts';

/** Follows a download link; answers what came. */
const downloaded = async (page: Page, link: string) => {
  const coming = page.waitForEvent('download');
  await page.locator(`a[href*="${link}"]`).click();
  return readFileSync(await (await coming).path(), 'utf8');
};

test('a trail is searched, downloaded and checked, and a changed event is found @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  expectAccessible,
  tolerate,
}) => {
  await signInAs('admin@kunde-01.test');
  await page.waitForURL(/\/admin\/org_\w+/);
  const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
  await visit(`/admin/${org}/activity`);
  await expectAccessible();

  // The filters are in the address.
  await page.locator('[name=category]').selectOption('audit');
  await page.locator('form:has([name=category]) button[type=submit]').click();
  await page.waitForURL(/category=audit/);
  await settled();
  await visit(`/admin/${org}/activity?who=nobody%40example.test`);
  await expect(page.locator('main')).toContainText(say('No such events'));
  await expect(page.locator('main tbody tr')).toHaveCount(0);

  await visit(`/admin/${org}/activity`);
  const trail = await downloaded(page, 'format=trail');
  const events = trail.trim().split('\n').length - 1;
  expect(events).toBeGreaterThan(0);
  await page.locator('form:has([name=check]) button[type=submit]').click();
  await page.waitForURL(/check=1/);
  await settled();
  await expect(page.locator('#proof .callout, section:has(#proof) .callout')).toContainText(String(events));
  await expectAccessible();

  const check = async (content: string) => {
    await visit('/verify');
    await page.locator('input[type=file]').setInputFiles({ name: 'trail.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(content) });
    await page.locator('form[action="/verify"] button[type=submit]').click();
    await settled();
  };
  await check(trail);
  const main = page.locator('main');
  await expect(main.locator('.callout')).toContainText(trail.trim().slice(-66, -2));
  await expectAccessible();
  await check(trail.replace(/"action":"[a-z]/, '"action":"X'));
  await expect(main.locator('.callout li')).toHaveCount(1);
  await expectAccessible();
  const lines = trail.trim().split('\n');
  await check([...lines.slice(0, -1), ''].join('\n'));
  await expect(main.locator('.callout li')).toHaveCount(1);
  tolerate(/422/);
  await check('no trail');
  await expect(main).toContainText(say('This is not a trail file.'));
});

test("a partner's trail shows what it did itself", async ({ page, visit, signInAs, world }) => {
  const key = `trail-${Date.now().toString(36)}`;
  const north = await Client.signedIn(world.url, 'owner@nordlicht.test');
  await north.ask('admin/add_organisation', organisation(north.org, key));
  await signInAs('owner@nordlicht.test');
  await visit(`/admin/${north.org}/partner/customers?q=${key}`);
  const [customer] = /org_\w+/.exec((await page.locator('article').first().innerHTML()).replaceAll(north.org, '')) ?? [];
  await visit(`/store/${north.org}/customers/${customer}`);
  const trail = await downloaded(page, 'format=trail');
  expect(trail).toContain('customer.added');
  expect(trail).toContain(`"reader":"${north.org}"`);
});
