// Limits of tries, switched on: in other specs they are off, since a test tries more often than people do.
import { expect, test } from '../world/test.ts';
import { DEMO_PASSWORD } from '../world/world.ts';

test.use({ settings: { KONTOR_RATE_LIMITS: 'on', KONTOR_TRUSTED_PROXIES: '127.0.0.1/32' } });

test('a try too many is told on the form, with everything typed', async ({ page, visit, settled }) => {
  for (let times = 0; times < 6; times++) {
    await visit('/reset');
    await page.locator('[name=email]').fill('somebody@example.net');
    await page.locator('form[action="/api/account/request_reset"] button').click();
    await page.waitForLoadState();
    await settled();
  }
  await expect(page.getByRole('alert').filter({ hasText: 'Too many tries' })).toBeVisible();
  await expect(page.locator('[name=email]')).toHaveValue('somebody@example.net');
});

test('one account is not guessed at from many addresses, and right passwords are never too many', async ({ world }) => {
  const signIn = (email: string, password: string, from: string) =>
    fetch(`${world.url}/api/account/sign_in`, {
      method: 'POST',
      body: new URLSearchParams({ email, password }),
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': from },
      redirect: 'manual',
    }).then((answer) => answer.status);
  const office = Array.from({ length: 40 }, () => signIn('owner@alpen.test', DEMO_PASSWORD, '192.0.2.1'));
  expect(new Set(await Promise.all(office))).toEqual(new Set([200]));
  const guesses: number[] = [];
  for (let n = 0; n < 40; n++) guesses.push(await signIn('owner@nordlicht.test', `wrong ${n}`, `198.51.100.${n}`));
  expect(guesses.slice(0, 30)).toEqual(Array(30).fill(409));
  expect(guesses.at(-1)).toBe(429);
  expect(await signIn('owner@alpen.test', DEMO_PASSWORD, '198.51.100.1')).toBe(200);
});

test('signing up looks the same whether or not the address has an account', async ({ world }) => {
  const signUp = (email: string) =>
    fetch(`${world.url}/api/account/sign_up`, {
      method: 'POST',
      body: new URLSearchParams({ email, password: 'a long enough password' }),
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '203.0.113.5', cookie: `kontor_browser=${'x'.repeat(43)}` },
      redirect: 'manual',
    });
  const [known, fresh] = await Promise.all([signUp('owner@nordlicht.test'), signUp('nobody-yet@example.net')]);
  const shape = async (answer: Response) => ({
    status: answer.status,
    body: await answer.text(),
    headers: [...answer.headers.keys()].filter((name) => name !== 'content-length').sort(),
    cookies: answer.headers.getSetCookie().map((line) => line.split('=')[0]),
  });
  expect(await shape(known)).toEqual(await shape(fresh));
});
