// Signing in through an organisation's own provider, by oidc-provider: set up, there and back, out on both sides, and down.
import type { Page } from '@playwright/test';
import { CLIENT, IdentityProvider, PROVIDERS } from '../world/identity.ts';
import { DEMO_PASSWORD, expect, test } from '../world/test.ts';

test.use({ settings: { KONTOR_OIDC_ALLOW: PROVIDERS.join(',') } });

// Its pages ask for a font of another site's and for an icon, and its answers while it is down are errors.
const ITS_OWN = /fonts\.googleapis|favicon\.ico|127\.0\.0\.1:4561/;

const single = (page: Page) => page.locator('button[formaction="/api/account/single_sign_on"]');

test('an organisation signs its people in through its own provider @main', async ({
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
  test.setTimeout(120_000);
  tolerate(ITS_OWN);
  const provider = await IdentityProvider.reserve();
  try {
    // The super admin sets it up.
    await signInAs('admin@kunde-01.test');
    await page.waitForURL(/\/admin\/org_\w+$/);
    const [, org] = /\/admin\/(org_\w+)/.exec(page.url()) ?? [];
    await visit(`/admin/${org}/sign-in`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Single sign-on|Single Sign-on/);
    await expectAccessible();
    const domain = 'kunde-01.test';
    await expect(page.locator('main')).toContainText(domain);
    await visit(`/admin/${org}/sign-in?provider=new`);
    const form = page.locator('form[action="/api/admin/save_provider"]');
    await form.locator('[name=provider_name]').fill('Kunde Login');
    await form.locator('[name=issuer]').fill('http://idp.example');
    await form.locator('[name=client_id]').fill(CLIENT.id);
    await form.locator('[name=client_secret]').fill(CLIENT.secret);
    await form.locator('[name=active]').check();
    await form.locator('[name=creates_people]').check();
    await form.locator('[name=default_role]').selectOption('user');
    await form.locator('[name=role_claim]').fill('groups');
    await form.locator('[name=role_map]').fill('it = super-admin');
    await form.locator('button[type=submit]').click();
    // What is wrong is said, what was typed is still there, but for the secret.
    await page.waitForURL(/state=/);
    await settled();
    await expect(form.locator('[name=issuer]')).toHaveAttribute('aria-invalid', 'true');
    await expect(form.locator('[name=role_map]')).toHaveAttribute('aria-invalid', 'true');
    await expect(form.locator('[name=active]')).toBeChecked();
    await expect(form.locator('[name=client_secret]')).toHaveValue('');
    await expectAccessible();
    await form.locator('[name=issuer]').fill(provider.issuer);
    await form.locator('[name=role_map]').fill('it = admin');
    await form.locator('[name=client_secret]').fill(CLIENT.secret);
    await form.locator('button[type=submit]').click();
    await page.waitForURL(/\/sign-in$/);
    await settled();
    const card = page.locator('section.card').filter({ hasText: 'Kunde Login' });
    const logout = /http:\S+\/hooks\/oidc\/idp_\w+\/logout/.exec(await card.innerText())?.[0] ?? '';
    expect(logout).toContain(world.url);
    await expectAccessible();
    provider.up(world.url, logout);

    // Somebody who was never here types an address of the domain, and comes back with a place.
    const pia = await anotherPage();
    const address = `pia-${Date.now().toString(36)}@${domain}`;
    await visit('/signin?next=%2Faccount', pia);
    await pia.locator('[name=email]').fill('pia@nobody.example');
    await single(pia).click();
    await settled(pia);
    await expect(pia.locator('main')).toContainText(/domain|Domain/);
    await pia.locator('[name=email]').fill(address);
    await single(pia).click();
    await provider.signIn(pia, address);
    await pia.waitForURL(`${world.url}/account`);
    await settled(pia);
    await expect(pia.locator('main')).toContainText(address);
    await visit(`/admin/${org}/users?q=${encodeURIComponent(address)}`);
    await expect(page.getByRole('row').filter({ hasText: address })).toContainText('Pia Provider');

    // Signed out there: signed out here.
    const there = await pia.context().newPage();
    await provider.signOut(there);
    await expect
      .poll(async () => {
        await pia.goto('/account');
        return new URL(pia.url()).pathname;
      })
      .toBe('/signin');
    await there.close();

    // The button alone, with an empty password, leads there too; signing out here leads to the provider's page.
    await settled(pia);
    await pia.locator('[name=email]').fill(address);
    await pia.locator('form:has([name=password]) button[type=submit]').click();
    await provider.signIn(pia, address);
    await pia.waitForURL(`${world.url}/account`);
    await settled(pia);
    await pia.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
    await pia.waitForURL((url) => url.origin === provider.issuer);
    await provider.signOut(pia);
    await pia.waitForURL(`${world.url}/`);

    // Required and down: people are told, and whoever has the last word comes in by password.
    await visit(`/admin/${org}/sign-in`);
    await card.getByRole('link').first().click();
    await settled();
    await form.locator('[name=required]').check();
    await form.locator('button[type=submit]').click();
    await page.waitForURL(/\/sign-in$/);
    provider.fail();
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    await visit('/signin', pia);
    await pia.locator('[name=email]').fill(address);
    await single(pia).click();
    await pia.waitForURL(/problem=provider_down/);
    await settled(pia);
    await expect(pia.getByText(/does not answer|antwortet im Augenblick nicht/)).toBeVisible();
    const boss = await anotherPage();
    await visit('/signin', boss);
    await boss.locator('[name=email]').fill('admin@kunde-01.test');
    await boss.locator('[name=password]').fill(DEMO_PASSWORD);
    await boss.locator('form:has([name=password]) button[type=submit]').click();
    await boss.waitForURL(/\/admin\/org_\w+$/);
    await settled(boss);

    // Taken away again.
    await visit(`/admin/${org}/sign-in`);
    await card.getByRole('link').nth(1).click();
    await settled();
    await page.locator('form[action="/api/admin/remove_provider"] button[type=submit]').click();
    await page.waitForURL(/\/sign-in$/);
    await settled();
    await expect(card).toHaveCount(0);
  } finally {
    await provider.stop();
  }
});

test('a provider of the programme is on everybody\'s sign-in page', async ({
  page,
  visit,
  settled,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
  tolerate,
}) => {
  tolerate(ITS_OWN);
  const provider = await IdentityProvider.reserve();
  try {
    await signInAs('admin@vendor.test');
    await visit('/settings/sign-in?provider=new');
    const form = page.locator('form[action="/api/settings/save_provider"]');
    await expect(form.locator('[name=required]')).toHaveCount(0);
    await form.locator('[name=provider_name]').fill('Everybody');
    await form.locator('[name=issuer]').fill(provider.issuer);
    await form.locator('[name=client_id]').fill(CLIENT.id);
    await form.locator('[name=client_secret]').fill(CLIENT.secret);
    await form.locator('[name=active]').check();
    await form.locator('button[type=submit]').click();
    await page.waitForURL(/\/settings\/sign-in$/);
    await settled();
    await expectAccessible();
    const logout = /http:\S+\/hooks\/oidc\/idp_\w+\/logout/.exec(await page.locator('main').innerText())?.[0] ?? '';
    provider.up(world.url, logout);

    // It makes no accounts here: whoever has none is told.
    const stranger = await anotherPage();
    await visit('/signin', stranger);
    await stranger.getByRole('link', { name: /Everybody/ }).click();
    await provider.signIn(stranger, 'stranger@nobody.example');
    await stranger.waitForURL(/problem=provider_no_account/);
    await settled(stranger);

    // Who has one is linked to it by its address, and lands where they wanted.
    const reviewer = await anotherPage();
    await visit('/signin?next=%2Freview', reviewer);
    await reviewer.getByRole('link', { name: /Everybody/ }).click();
    await provider.signIn(reviewer, 'reviewer@vendor.test');
    await reviewer.waitForURL(`${world.url}/review`);
    await settled(reviewer);
    await visit('/settings/sign-in');
    await page.locator('a[href*="remove=1"]').click();
    await settled();
    await page.locator('form[action="/api/settings/remove_provider"] button[type=submit]').click();
    await page.waitForURL(/\/settings\/sign-in$/);
  } finally {
    await provider.stop();
  }
});

test('whoever signs out everywhere is signed out in every browser', async ({ page, visit, settled, signInAs, anotherPage, world }) => {
  await signInAs('admin@kunde-02.test');
  const other = await anotherPage();
  await other.goto(`${world.url}/signin`);
  await settled(other);
  await other.locator('[name=email]').fill('admin@kunde-02.test');
  await other.locator('[name=password]').fill(DEMO_PASSWORD);
  await other.locator('form:has([name=password]) button[type=submit]').click();
  await other.waitForURL(/\/admin/);
  await visit('/account');
  await page.locator('form[action="/api/account/end_all_sessions"] button').click();
  await page.waitForURL(/\/signin$/);
  await settled();
  for (const one of [page, other]) {
    await one.goto('/account');
    await one.waitForURL(/\/signin\?next=/);
  }
});
