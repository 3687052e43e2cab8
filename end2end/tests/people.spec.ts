// An organisation's people in depth: further addresses, licences, groups, a list of many, the logo; and how far a partner leaves the
// subscription to its customer.
import { Client, organisation } from '../world/client.ts';
import { DEMO_PASSWORD, expect, test } from '../world/test.ts';

/** One red pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==', 'base64');

test('people, groups, addresses, licences and a list of many @main', async ({
  page,
  visit,
  settled,
  say,
  world,
  anotherPage,
  expectAccessible,
}) => {
  test.setTimeout(150_000);
  const key = `ppl-${Date.now().toString(36)}`;
  const email = `${key}@example.net`;
  const domain = `${key}.kontor-test.example`;
  const north = await Client.signedIn(world.url, 'owner@nordlicht.test');
  await north.ask('admin/add_organisation', organisation(north.org, key));
  const invitation = await world.mail.waitFor(email);
  await visit(invitation.links.find((link) => link.includes('/activate/')) ?? '');
  await page.locator('[name=new_password]').fill('four words make one');
  await page.locator('main form button[type=submit]').click();
  await page.waitForURL(/\/admin\/org_\w+$/);
  const org = /\/admin\/(org_\w+)/.exec(page.url())?.[1] ?? '';

  // The domain is proven, so that addresses can be at it.
  const named = { org: north.org, customer: org, domain };
  const proof = await north.ask<{ txt: { value: string } }>('admin/customer_domain_proof', named);
  await world.dns.addTxt(domain, proof.txt.value);
  await north.ask('admin/verify_customer_domain', { ...named, method: 'txt' });

  // Many at once: a wrong line names itself and adds nobody.
  const users = `/admin/${org}/users`;
  const send = async (list: string) => {
    await page.locator('#file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
    await page.locator('form[action^="/api/admin/import_users"] button').click();
    await page.waitForURL(/users\?/);
    await settled();
  };
  await visit(users);
  await send(`E-Mail,First,Last\nada@${domain},Ada,Byron\nnobody,No,Body\n`);
  await expect(page.locator('#file-error, .error-summary').first()).toContainText('3');
  await expect(page.getByRole('row')).toHaveCount(2);
  await visit(users);
  await send(`E-Mail,First,Last\nada@${domain},Ada,Byron\ngrace@${domain},Grace,Hopper\n`);
  await expect(page.locator('#import')).toBeVisible();
  await expect(page.locator('section.card', { has: page.locator('#import') })).toContainText('2');
  await expect(page.getByRole('row')).toHaveCount(4);
  await expectAccessible();

  // A further address, at a domain of one's own only.
  const ada = page.getByRole('row').filter({ hasText: `ada@${domain}` });
  await ada.getByRole('link').click();
  await page.waitForURL(/users\/mem_/);
  await settled();
  const person = page.url();
  const alias = async (address: string) => {
    await page.locator('[name=alias]:not([type=hidden])').fill(address);
    await page.locator('form[action="/api/admin/add_alias"] button').click();
    await settled();
  };
  await alias('lovelace@example.net');
  await expect(page.locator('#alias')).toHaveAttribute('aria-invalid', 'true');
  await alias(`lovelace@${domain}`);
  await expect(page.getByRole('listitem').filter({ hasText: `lovelace@${domain}` })).toHaveCount(1);
  await expectAccessible();

  // The licence goes, and the list says so.
  await page.locator('form[action="/api/admin/take_licence"] button').click();
  await expect(page.locator('form[action="/api/admin/give_licence"]')).toBeVisible();
  await visit(users);
  await expect(ada).toContainText(say('No licence'));

  // A group with an address; people come in by any of theirs.
  await visit(`/admin/${org}/groups`);
  await expectAccessible();
  await page.locator('[name=group_name]').fill('Vertrieb');
  await page.locator('[name=group_address]').fill(`lovelace@${domain}`);
  await page.locator('form[action="/api/admin/make_group"] button').click();
  await settled();
  await expect(page.locator('#group_address')).toHaveAttribute('aria-invalid', 'true');
  await page.locator('[name=group_address]').fill(`sales@${domain}`);
  await page.locator('form[action="/api/admin/make_group"] button').click();
  await page.waitForURL(/groups\/grp_/);
  await settled();
  await page.locator('[name=people]').fill(`lovelace@${domain}\nnobody@${domain}`);
  await page.locator('form[action="/api/admin/join_group"] button').click();
  await settled();
  await expect(page.locator('#people')).toHaveAttribute('aria-invalid', 'true');
  await page.locator('[name=people]').fill(`lovelace@${domain}, grace@${domain}`);
  await page.locator('form[action="/api/admin/join_group"] button').click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await expectAccessible();
  await visit(new URL(person).pathname);
  await expect(page.getByRole('link', { name: 'Vertrieb', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Vertrieb', exact: true }).click();
  await page.waitForURL(/groups\/grp_/);
  await settled();
  await page.getByRole('row').filter({ hasText: 'Ada' }).getByRole('button').click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await settled();
  await page.getByRole('link', { name: say('Delete group'), exact: true }).click();
  await page.locator('form[action="/api/admin/delete_group"] button').click();
  await page.waitForURL(/groups$/);

  // The logo.
  await visit(`/admin/${org}/profile`);
  await page.locator('#file').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await page.locator('form[action^="/api/admin/set_logo"] button').click();
  await page.waitForURL(/state=/);
  await expect(page.locator('img.logo')).toHaveCount(0);
  await page.locator('#file').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PIXEL });
  await page.locator('form[action^="/api/admin/set_logo"] button').click();
  await page.waitForURL(/profile$/);
  await visit(`/admin/${org}`);
  await expect(page.locator('img.logo')).toBeVisible();
  await expectAccessible();

  // The partner leaves the customer some licences.
  const partner = await anotherPage();
  await partner.goto('/signin');
  await settled(partner);
  await partner.locator('[name=email]').fill('owner@nordlicht.test');
  await partner.locator('[name=password]').fill(DEMO_PASSWORD);
  await partner.locator('form:has([name=password]) button[type=submit]').click();
  await partner.waitForURL(/\/store\/org_\w+/);
  await visit(`/store/${north.org}/customers/${org}`, partner);
  const rule = partner.locator('form[action="/api/store/set_change_rule"]');
  await rule.locator('[name=mode][value=free]').check();
  await rule.getByRole('button').click();
  await settled(partner);
  await expect(rule.locator('#free_seats')).toHaveAttribute('aria-invalid', 'true');
  await rule.locator('[name=free_seats]').fill('25');
  await rule.getByRole('button').click();
  await settled(partner);
  await expect(rule.locator('[name=free_seats]')).toHaveValue('25');
  await expect(rule.locator('[name=mode][value=free]')).toBeChecked();
  await world.dns.remove(domain);
});
