// One's own account: sign-up, sessions, password, second factor.
import type { Page } from '@playwright/test';
import { DEMO_PASSWORD, expect, test } from '../world/test.ts';
import { totp } from '../world/totp.ts';

const PASSWORD = 'four words make one';

const fresh = (kind: string) => `${kind}.${Date.now().toString(36)}@example.net`;

/** Sends the form of a call. */
const send = (page: Page, call: string) => page.locator(`form[action="/api/account/${call}"] button[type=submit]`).click();

test('an account is made, confirmed, signed out of, and its password reset @main', async ({
  page,
  visit,
  settled,
  say,
  world,
  expectAccessible,
}) => {
  const email = fresh('neu');
  await visit('/signup');
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill('short');
  await send(page, 'sign_up');
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await expect(page.locator('[name=email]')).toHaveValue(email);
  await expectAccessible();
  await page.locator('[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: say('Create account'), exact: true }).click();
  await page.waitForURL(/sent=|apply/);
  const mail = await world.mail.waitFor(email);
  await visit(mail.links.find((link) => link.includes('/confirm/')) ?? '');
  await expectAccessible();
  await page.locator('main form button[type=submit]').click();
  await settled();

  await visit('/');
  await page.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
  await settled();
  await visit('/signin');
  await expectAccessible();
  await page.getByRole('link', { name: say('Forgot your password?'), exact: true }).click();
  await page.waitForURL(/\/reset/);
  await settled();
  await page.locator('[name=email]').fill(email);
  await page.getByRole('button', { name: say('Send link'), exact: true }).click();
  await settled();
  const reset = await world.mail.waitFor(email);
  const link = reset.links.find((l) => l.includes('/reset/')) ?? '';
  await visit(link);
  await expectAccessible();
  await page.locator('[name=new_password]').fill('another four words');
  await send(page, 'reset_password');
  await settled();
  // The link works once.
  await visit(link);
  await page.locator('[name=new_password]').fill('yet another password');
  await send(page, 'reset_password');
  await page.waitForURL(/state=/);
  await visit('/signin');
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill('another four words');
  await send(page, 'sign_in');
  await page.waitForURL((url) => url.pathname !== '/signin');
});

test('who is not there and who mistypes are answered alike', async ({ page, visit, settled }) => {
  const texts: string[] = [];
  for (const email of ['owner@nordlicht.test', 'nobody@nowhere.example']) {
    await visit('/signin');
    await page.locator('[name=email]').fill(email);
    await page.locator('[name=password]').fill('certainly wrong');
    await send(page, 'sign_in');
    await page.waitForURL(/state=/);
    await settled();
    texts.push(await page.getByRole('alert').innerText());
  }
  expect(texts[0]).toBe(texts[1]);
});

test('a session elsewhere is seen and ended', async ({ page, visit, settled, say, signInAs, world, anotherPage, script }) => {
  await signInAs('owner@alpen.test');
  const other = await anotherPage();
  const { signIn } = await import('../world/page.ts');
  await signIn(other, world.url, 'owner@alpen.test', DEMO_PASSWORD, script);
  await visit('/account');
  await expect(page.getByRole('heading', { name: say('Active sessions') })).toBeVisible();
  const buttons = page.getByRole('button', { name: say('End session'), exact: true });
  const before = await buttons.count();
  expect(before).toBeGreaterThan(0);
  for (let left = before; left > 0; left--) {
    await buttons.first().click();
    await expect(buttons).toHaveCount(left - 1);
    await settled();
  }
  await visit('/account', other);
  await other.waitForURL(/\/signin/);
});

test('a second factor is set up, asked for, and replaced by a recovery code', async ({
  page,
  visit,
  settled,
  say,
  signInAs,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  const email = 'sales@nordlicht.test';
  await signInAs(email);
  await visit('/account');
  await page.locator('a[href^="/account?factor=setup"]').click();
  await page.locator('#factor-key').waitFor();
  await expectAccessible();
  const secret = (await page.locator('#factor-key').innerText()).trim();
  const recovery = await page.locator('#factor li code').allInnerTexts();
  expect(recovery.length).toBeGreaterThan(5);
  await page.locator('[name=code]').fill('000000');
  await send(page, 'confirm_second_factor');
  await page.waitForURL(/state=/);
  await settled();
  // The same secret as before: whoever mistyped need not set up anew.
  expect((await page.locator('#factor-key').innerText()).trim()).toBe(secret);
  await page.locator('[name=code]').fill(totp(secret));
  await send(page, 'confirm_second_factor');
  await expect(page.locator('form[action="/api/account/drop_second_factor"]')).toBeVisible();
  await settled();
  await expectAccessible();

  for (const code of [recovery[0] ?? '', recovery[1] ?? '']) {
    await page.getByRole('button', { name: say('Sign out'), exact: true }).first().click();
    await settled();
    await visit('/signin');
    await page.locator('[name=email]').fill(email);
    await page.locator('[name=password]').fill(DEMO_PASSWORD);
    await send(page, 'sign_in');
    await expect(page.getByLabel(say('Security code'))).toBeVisible();
    await settled();
    await expectAccessible();
    await page.locator('[name=code]').fill(code);
    await send(page, 'sign_in_code');
    await page.waitForURL(/\/store/);
    await settled();
  }
  await visit('/account');
  await page.locator('#drop-password').fill(DEMO_PASSWORD);
  await send(page, 'drop_second_factor');
  await expect(page.locator('#factor a')).toBeVisible();
});

test('somebody with a second factor signs in with a code', async ({ page, visit, say, settled }) => {
  await visit('/signin');
  await page.locator('[name=email]').fill('mfa@nordlicht.test');
  await page.locator('[name=password]').fill(DEMO_PASSWORD);
  await send(page, 'sign_in');
  await expect(page.getByLabel(say('Security code'))).toBeVisible();
  await settled();
  await page.locator('[name=code]').fill(totp('JBSWY3DPEHPK3PXP'));
  await send(page, 'sign_in_code');
  await page.waitForURL(/\/store/);
});

test('what was typed when the session ended waits behind the sign-in @main', async ({ page, visit, settled, signInAs }) => {
  await signInAs('owner@nordlicht.test');
  await page.waitForURL(/\/store\/org_\w+/);
  const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  await visit(`/admin/${org}/partner/customers/new`);
  await page.locator('[name=organisation]').fill('Getippt GmbH');
  await page.locator('[name=domain]').fill('getippt.example');
  await page.locator('[name=country]').selectOption('DE');
  await page.context().clearCookies({ name: 'kontor_session' });
  await page.locator('form[action="/api/admin/add_organisation"] button:not([name])').click();
  await page.waitForURL(/\/signin/);
  await settled();
  await page.locator('[name=email]').fill('owner@nordlicht.test');
  await page.locator('[name=password]').fill(DEMO_PASSWORD);
  await page.locator('form:has([name=password]) button[type=submit]').click();
  await page.waitForURL(/customers\/new/);
  await expect(page.locator('[name=organisation]')).toHaveValue('Getippt GmbH');
  await expect(page.locator('[name=domain]')).toHaveValue('getippt.example');
});
