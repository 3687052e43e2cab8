// A partner says that a customer is its own, shows it, and a reviewer decides.
import { Client, organisation } from '../world/client.ts';
import { expect, test } from '../world/test.ts';

test('a claim with its evidence goes to the reviewers, who move the customer @main', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
}) => {
  const key = `claim-${Date.now().toString(36)}`;
  const domain = `${key}.kontor-test.example`;
  const north = await Client.signedIn(world.url, 'owner@nordlicht.test');
  await north.ask('admin/add_organisation', organisation(north.org, key));

  // The partner's side: what is no evidence is refused, and what was typed stays.
  const alps = await anotherPage();
  await alps.goto(`${world.url}/signin`);
  await settled(alps);
  await alps.locator('input[name=email]').fill('owner@alpen.test');
  await alps.locator('input[name=password]').fill('kontor-demo');
  await alps.locator('form:has(input[name=password]) button[type=submit]').click();
  await alps.waitForURL(/\/store\/org_\w+/);
  const [, org] = /\/store\/(org_\w+)/.exec(alps.url()) ?? [];
  await visit(`/store/${org}/disputes`, alps);
  const open = async (name: string, content: string) => {
    await alps.locator('[name=about]').fill(domain);
    await alps.locator('[name=statement]').fill('Der Kunde hat uns schriftlich gebeten, ihn zu betreuen.');
    await alps.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(content) });
    await alps.locator('form[action^="/api/store/open_dispute"] button[type=submit]').click();
  };
  await open('mail.pdf', '<html>no PDF</html>');
  await alps.waitForURL(/state=/);
  await settled(alps);
  await expect(alps.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await expect(alps.locator('[name=about]')).toHaveValue(domain);
  await open('mail.pdf', '%PDF-1.7 a mail');
  const claim = alps.locator('section.card').filter({ hasText: domain }).last();
  await expect(claim).toContainText(say('Open'));

  // The reviewers' side.
  await signInAs('reviewer@vendor.test');
  await visit('/vendor/disputes');
  await expectAccessible();
  await page.getByRole('link', { name: domain, exact: true }).click();
  await page.waitForURL(/\/vendor\/disputes\/dsp_/);
  await settled();
  await expectAccessible();
  await expect(page.getByRole('row').filter({ hasText: `Client ${key}` })).toContainText('Nordlicht');
  const file = await page.request.get(`${page.url()}/evidence`);
  expect([file.status(), await file.text()]).toEqual([200, '%PDF-1.7 a mail']);
  const decide = page.locator('form[action="/api/vendor/decide_dispute"]');
  await decide.locator('button[type=submit]').click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await decide.locator('[name=decision]').first().check();
  await decide.locator('[name=reason]').fill('Das Schreiben ist eindeutig.');
  await decide.locator('button[type=submit]').click();
  await expect(page.locator('main')).toContainText('Das Schreiben ist eindeutig.');
  await expect(decide).toHaveCount(0);

  // The claimant has the customer, and no access that the customer did not give.
  await visit(`/store/${org}/disputes`, alps);
  await expect(claim).toContainText('Das Schreiben ist eindeutig.');
  await claim.getByRole('link').click();
  await alps.waitForURL(/\/customers\/org_\w+/);
  await expect(alps.getByRole('heading', { level: 1 })).toContainText(`Client ${key}`);
});
