import { expect, test } from '../world/test.ts';

test('home says what the programme is and leads on @main', async ({ page, visit, say, expectAccessible }) => {
  await visit('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: say('Apply'), exact: true }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: say('Sign in'), exact: true }).first()).toBeVisible();
  await expectAccessible();
});

test('the language is chosen by the browser, then by the buttons, and kept @main', async ({ page, visit, settled, locale }) => {
  const html = page.locator('html');
  const german = locale?.startsWith('de') ?? false;
  await visit('/');
  await expect(html).toHaveAttribute('lang', german ? 'de' : 'en');

  await page.getByRole('button', { name: german ? 'English' : 'Deutsch' }).click();
  await expect(html).toHaveAttribute('lang', german ? 'en' : 'de');
  await expect(page.getByRole('link', { name: german ? 'Sign in' : 'Anmelden', exact: true }).first()).toBeVisible();

  await page.reload();
  await settled();
  await expect(html).toHaveAttribute('lang', german ? 'en' : 'de');
});

test('the theme follows the system until a button is pressed, and is kept @main', async ({ page, visit, settled, say }) => {
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  await page.emulateMedia({ colorScheme: 'light' });
  await visit('/');
  const light = await ink();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ink();
  expect(dark).not.toBe(light);

  await page.getByRole('button', { name: say('Light'), exact: true }).click();
  await expect.poll(ink).toBe(light);
  await page.reload();
  await settled();
  expect(await ink()).toBe(light);

  await page.getByRole('button', { name: say('System'), exact: true }).click();
  await expect.poll(ink).toBe(dark);
});
