// The main way in the Firefox that people have: a customer added, its domain proved, its console opened, its trial extended.
import { DEMO_PASSWORD } from '../../world/world.ts';
import { expect, test } from '../../world/firefox.ts';

test('a partner adds, verifies and manages a customer in Firefox', async ({ fox, open, world }) => {
  test.setTimeout(120_000);
  const tag = `fuchs${Date.now().toString(36)}`;
  const domain = `${tag}.kontor-test.example`;
  const text = () => fox.evaluate(() => document.body.innerText);
  const path = () => new URL(fox.url()).pathname;
  const fill = async (values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await fox.locator(`[name=${name}]`).fill(value);
  };
  /** Presses what leads to another page, and waits until that one answers clicks. */
  const press = async (selector: string) => {
    await Promise.all([fox.waitForNavigation(), fox.locator(selector).click()]);
    await fox.waitForSelector('html[data-hydrated]');
  };

  await open('/signin');
  await fill({ email: 'owner@nordlicht.test', password: DEMO_PASSWORD });
  await press('form:has(input[name=password]) button[type=submit]');
  await expect.poll(path).toMatch(/\/store\/org_\w+/);
  const [, org] = /\/store\/(org_\w+)/.exec(fox.url()) ?? [];
  const list = `/admin/${org}/partner/customers`;

  const next = 'form[action="/api/admin/add_organisation"] button:not([name])';
  await open(`${list}/new`);
  await fill({ organisation: tag, domain, country: 'DE' });
  await press(next);
  await fill({ admin_first_name: 'Eva', admin_last_name: 'Fuchs', admin_email: `${tag}@example.net` });
  await press(next);
  await press(next);
  await press(next);
  await expect.poll(text).toContain(domain);

  const card = `article[aria-label="${tag}"]`;
  await open(`${list}?q=${domain}`);
  await fox.locator(card).hover();
  // The dialog opens in place: no new page is loaded.
  await fox.locator(`${card} a[href*="verify="]`).click();
  await fox.waitForSelector('#proof-value');
  await world.dns.addTxt(domain, await fox.$eval('#proof-value', (value) => (value as HTMLElement).innerText));
  await fox.locator('dialog .dialog-foot button').click();
  await expect.poll(text, { timeout: 15_000 }).toContain('Domain verified');

  await open(`${list}?q=${domain}`);
  await fox.locator(card).hover();
  await press(`${card} form[action="/api/admin/manage"] button`);
  expect(await text()).toContain(`Managing ${tag} on its behalf`);
  await press('form[action="/api/admin/leave"] button');

  await open(`${list}?q=${domain}`);
  const before = await fox.$eval(`${card} time`, (time) => time.getAttribute('datetime'));
  // The page stays; the news comes as a toast.
  await fox.locator(`${card} form[action^="/api/admin/extend_trial"] button`).click();
  await fox.waitForSelector('.toast');
  await open(`${list}?q=${domain}`);
  const after = await fox.$eval(`${card} time`, (time) => time.getAttribute('datetime'));
  expect((Date.parse(after ?? '') - Date.parse(before ?? '')) / 86_400_000).toBe(15);
  await world.dns.remove(domain);
});
