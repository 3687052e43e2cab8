// Domains and their proof: over real DNS, with a real name server of the customer's own.
import type { Page } from '@playwright/test';
import type { World } from '../world/world.ts';
import { expect, test } from '../world/test.ts';

const ADMIN = 'admin@kunde-01.test';

/** The path of the console's page of domains of whoever is signed in. */
async function domainsPath(page: Page): Promise<string> {
  await page.waitForURL(/\/admin\/org_\w+/);
  const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
  return `/admin/${org}/domains`;
}

/** A name nobody else in this run has. */
function fresh(kind: string): string {
  return `${kind}-${Date.now().toString(36)}.kontor-test.example`;
}

/** Adds a domain; afterwards its dialog is open. */
async function add(page: Page, name: string): Promise<void> {
  await page.locator('form[action="/api/admin/add_domain"] input[name=domain]').fill(name);
  await page.locator('form[action="/api/admin/add_domain"] button').click();
  await page.waitForURL(/verify=/);
}

const value = (page: Page) => page.locator('#proof-value').innerText();

/** Takes the name away again, so that a repeated run finds the server as it was. */
async function forget(world: World, ...names: string[]): Promise<void> {
  for (const name of names) await world.dns.remove(name);
}

test('a TXT record proves a domain @main', async ({ page, visit, settled, say, signInAs, world, expectAccessible }) => {
  await signInAs(ADMIN);
  await visit(await domainsPath(page));
  const name = fresh('txt');
  await add(page, name);
  await settled();
  const dialog = page.getByRole('dialog', { name: say('Verify {domain}', { domain: name }) });
  await expect(dialog.getByRole('tab', { name: say('TXT record') })).toHaveAttribute('aria-selected', 'true');
  await expectAccessible();

  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Record not found')).first()).toBeVisible();

  const proof = await value(page);
  await world.dns.addTxt(name, 'kontor-verification=something-else');
  await settled();
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Value does not match')).first()).toBeVisible();
  await expect(dialog.getByText('kontor-verification=something-else')).toBeVisible();

  await world.dns.addTxt(name, proof);
  await settled();
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Domain verified')).first()).toBeVisible();
  await expectAccessible();
  await forget(world, name);
});

test('a CNAME record and a file prove domains too', async ({ page, visit, settled, say, signInAs, world }) => {
  await signInAs(ADMIN);
  const path = await domainsPath(page);
  const dialog = page.getByRole('dialog');

  const cname = fresh('cname');
  await visit(path);
  await add(page, cname);
  await settled();
  await dialog.getByRole('tab', { name: say('CNAME record') }).click();
  await expect(dialog.getByText(say('Target'), { exact: true })).toBeVisible();
  const host = await page.locator('#proof-host-full').innerText();
  await world.dns.addCname(host, await value(page));
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Domain verified')).first()).toBeVisible();

  const html = fresh('html');
  await visit(path);
  await add(page, html);
  await settled();
  await dialog.getByRole('tab', { name: say('HTML file') }).click();
  await expect(dialog.getByText(say('Path'), { exact: true })).toBeVisible();
  await world.dns.addA(html, '127.0.0.1');
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText('404')).toBeVisible();
  world.site.publish(`${html}${await page.locator('#proof-path').innerText()}`, `${await value(page)}\n`);
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Domain verified')).first()).toBeVisible();
  await forget(world, host, html);
});

test('an open dialog shows what somebody else found', async ({ page, visit, say, signInAs, settled, world }) => {
  await signInAs(ADMIN);
  await visit(await domainsPath(page));
  const name = fresh('live');
  await add(page, name);
  await settled();
  await world.dns.addTxt(name, await value(page));
  const other = await page.context().newPage();
  await visit(page.url(), other);
  await other.getByRole('button', { name: say('Check now') }).click();
  await expect(other.getByText(say('Domain verified')).first()).toBeVisible();
  await expect(page.getByRole('dialog').getByText(say('Domain verified')).first()).toBeVisible();
  await other.close();
  await forget(world, name);
});

test('names that nobody may add are refused with the reason, and kept @main', async ({ page, visit, settled, say, signInAs }) => {
  await signInAs(ADMIN);
  await visit(await domainsPath(page));
  for (const name of ['gmail.com', 'co.uk', '1.2.3.4', '*.kontor-test.example', 'no domain', '<b>x</b>.de']) {
    const form = page.locator('form[action="/api/admin/add_domain"]');
    await form.locator('input[name=domain]').fill(name);
    await form.locator('button').click();
    await page.waitForURL(/state=/);
    await settled();
    await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
    await expect(form.locator('input[name=domain]')).toHaveValue(name);
    await visit(page.url().split('?')[0] ?? '');
  }
});

test('a dead name server is an outcome, and the next check works', async ({ page, visit, settled, say, signInAs, world }) => {
  await signInAs(ADMIN);
  await visit(await domainsPath(page));
  const name = fresh('dead');
  await add(page, name);
  await settled();
  const dialog = page.getByRole('dialog');
  await world.dns.addTxt(name, await value(page));
  await world.dns.down();
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByRole('heading', { name: say('Last check') })).toBeVisible({ timeout: 15_000 });
  await expect(dialog.getByText(say('Domain verified'))).toHaveCount(0);
  await world.dns.up();
  await dialog.getByRole('button', { name: say('Check now') }).click();
  await expect(dialog.getByText(say('Domain verified')).first()).toBeVisible();
  await forget(world, name);
});

test('an unproven domain is removed after asking', async ({ page, visit, settled, signInAs }) => {
  await signInAs(ADMIN);
  const path = await domainsPath(page);
  await visit(path);
  const name = fresh('gone');
  await add(page, name);
  await settled();
  await page.keyboard.press('Escape');
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('link', { name: 'Remove' }).click();
  await page.getByRole('dialog', { name: `Remove ${name}?` }).getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Domain removed')).toBeVisible();
  await expect(row).toHaveCount(0);
});
