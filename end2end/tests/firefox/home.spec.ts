import { expect, test } from '../../world/firefox.ts';

test('home hydrates and changes its language in Firefox', async ({ fox, open }) => {
  await open('/');
  // Between two pages there is no root element; it is asked for again.
  const language = () => fox.evaluate(() => (document.documentElement as HTMLElement | null)?.lang);
  expect(await language()).toBe('en');
  await fox.locator('::-p-aria([name="Deutsch"][role="button"])').click();
  await expect.poll(language).toBe('de');
});
