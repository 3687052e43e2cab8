// Passkeys, with Chromium's virtual authenticator: added, shown to sign in, in place of the code and for *Manage*, removed.
import type { CDPSession, Page } from '@playwright/test';
import { freePort } from '../world/process.ts';
import { test as base, DEMO_PASSWORD, expect, type WorkerFixtures } from '../world/test.ts';
import { startWorld } from '../world/world.ts';

// Browsers bind passkeys to names: the server is called by one.
const test = base.extend<object, WorkerFixtures>({
  world: [
    async ({ database, settings }, use) => {
      const port = await freePort();
      const url = `http://localhost:${port}`;
      const world = await startWorld(database, { ...settings, KONTOR_LISTEN: `127.0.0.1:${port}`, KONTOR_PUBLIC_URL: url });
      await use({ ...world, url });
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

const TRIAL = 'Enzian Apotheke';

/** A device that is built in, knows its owner, and says yes at once. */
async function device(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('a passkey is added, signs in, opens a console, and is removed', async ({
      page,
      visit,
      settled,
      say,
      signInAs,
      world,
      expectAccessible,
      tolerate,
    }) => {
      // A passkey without a name is refused.
      tolerate(/422 .*begin_passkey/);
      test.setTimeout(120_000);
      const name = `Laptop ${locale}`;
      await world.kontor.down();
      await world.kontor.up();
      const { cdp, authenticatorId } = await device(page);
      await signInAs('owner@alpen.test');
      const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
      await visit('/account');
      await page.getByRole('link', { name: say('Add a passkey'), exact: true }).click();
      await page.waitForURL(/passkey=add/);
      await settled();
      const create = page.getByRole('button', { name: say('Create passkey'), exact: true });
      await create.waitFor();
      await expectAccessible();
      // Named after all, and only then made.
      await create.click();
      await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
      expect((await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toHaveLength(0);
      await page.getByLabel(say('Name of the passkey')).fill(name);
      await create.click();
      const line = page.getByRole('listitem').filter({ hasText: name });
      await expect(line).toBeVisible();
      await settled();
      await expect(page.getByText(say('Passkey added'), { exact: true })).toBeVisible();
      await expectAccessible();
      await world.mail.waitFor('owner@alpen.test', /passkey/i);
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
      expect(credentials.map((one) => [one.isResidentCredential, one.rpId])).toEqual([[true, 'localhost']]);

      // Without address and password; who says no is told so, and nothing else happens.
      await page.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
      await settled();
      await visit('/signin');
      const signIn = page.getByRole('button', { name: say('Sign in with a passkey'), exact: true });
      await signIn.waitFor();
      await expectAccessible();
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      await signIn.click();
      await expect(page.getByText(say('No passkey was used'))).toBeVisible();
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
      await signIn.click();
      await page.waitForURL(/\/store\/org_/);
      await settled();

      // A while later, *Manage* asks who it is.
      await world.kontor.down();
      await world.kontor.up('+20m');
      await visit(`/admin/${org}/partner/customers?q=${encodeURIComponent(TRIAL)}`);
      const card = page.getByRole('article', { name: TRIAL, exact: true });
      await card.hover();
      await card.getByRole('button', { name: say('Manage'), exact: true }).click();
      await page.waitForURL(/\/manage$/);
      await settled();
      await expectAccessible();
      await page.getByRole('link', { name: say('Use a passkey'), exact: true }).click();
      await page.waitForURL(/\/account\/passkey/);
      await settled();
      const show = page.getByRole('button', { name: say('Show passkey'), exact: true });
      await show.waitFor();
      await expectAccessible();
      await show.click();
      await page.waitForURL(/\/manage$/);
      await settled();
      await page.locator('form[action="/api/admin/manage"] button').click();
      const banner = page.getByRole('region', { name: say('Managing {organisation} on its behalf', { organisation: TRIAL }) });
      await expect(banner).toBeVisible();
      await settled();
      await banner.getByRole('button', { name: say('Leave'), exact: true }).click();
      await settled();

      // Removed, it opens nothing, though the device still has it.
      await visit('/account');
      await line.getByRole('link').click();
      await page.waitForURL(/passkey=psk_/);
      await settled();
      await expectAccessible();
      await page.locator('form[action="/api/account/remove_passkey"] button').click();
      await expect(page.getByRole('listitem').filter({ hasText: name })).toHaveCount(0);
      await settled();
      await page.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
      await settled();
      await visit('/signin');
      await signIn.click();
      await expect(page.getByText(say('This passkey is not known here.'))).toBeVisible();
    });
  });
}

test('a passkey stands in for the code', async ({ page, visit, settled, say, world }) => {
  // The clock of the others may be ahead.
  await world.kontor.down();
  await world.kontor.up();
  await device(page);
  const { totp } = await import('../world/totp.ts');
  await visit('/signin');
  const password = async () => {
    await page.locator('[name=email]').fill('mfa@nordlicht.test');
    await page.locator('[name=password]').fill(DEMO_PASSWORD);
    await page.locator('form:has([name=password]) button[type=submit]').click();
    await page.waitForURL(/step=code/);
    await settled();
  };
  await password();
  // Nobody has one yet: nothing is offered.
  await expect(page.getByRole('button', { name: say('Use a passkey instead'), exact: true })).toHaveCount(0);
  await page.locator('[name=code]').fill(totp('JBSWY3DPEHPK3PXP'));
  await page.locator('form:has([name=code]) button[type=submit]').first().click();
  await page.waitForURL((url) => url.pathname !== '/signin');
  await visit('/account?passkey=add');
  await page.getByLabel(say('Name of the passkey')).fill('Tablet');
  await page.getByRole('button', { name: say('Create passkey'), exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Tablet' })).toBeVisible();
  await settled();
  await page.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
  await settled();
  await visit('/signin');
  await password();
  await page.getByRole('button', { name: say('Use a passkey instead'), exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/signin');
  expect(page.url().startsWith(world.url)).toBe(true);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('no button is shown, and the page says why', async ({ page, visit, say, signInAs, expectAccessible }) => {
    await visit('/signin');
    await expect(page.getByRole('button', { name: say('Sign in with a passkey'), exact: true })).toHaveCount(0);
    await signInAs('sales@nordlicht.test');
    await visit('/account?passkey=add');
    // Playwright finds no text in there, whether it is shown or not.
    expect(await page.locator('#passkeys noscript').textContent()).toContain('Passkeys need JavaScript.');
    await expect(page.locator('#passkeys noscript')).toBeVisible();
    await expect(page.getByRole('button', { name: say('Create passkey'), exact: true })).toHaveCount(0);
    await expectAccessible();
  });
});
