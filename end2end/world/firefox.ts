// The Firefox that people have: Playwright drives only builds of its own, puppeteer drives the stock one.
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { FIREFOX } from './browsers.ts';
import { expect, test as base } from './test.ts';

export { expect };

export interface FirefoxFixtures {
  firefox: Browser;
  /** A page of stock Firefox; console errors fail the test. */
  fox: Page;
  /** Opens a path and waits until it answers clicks. */
  open: (path: string) => Promise<void>;
}

export const test = base.extend<FirefoxFixtures>({
  firefox: async ({}, use) => {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      headless: true,
      defaultViewport: { width: 1280, height: 900 },
      extraPrefsFirefox: { 'intl.accept_languages': 'en-GB, en' },
    });
    await use(browser);
    await browser.close();
  },
  fox: async ({ firefox, consoleErrors }, use) => {
    const page = await firefox.newPage();
    page.on('pageerror', (error) => consoleErrors.push(`${page.url()}: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error') consoleErrors.push(`${page.url()}: ${message.text()}`);
    });
    await use(page);
    await page.close();
  },
  open: async ({ fox, world }, use) =>
    use(async (path) => {
      await fox.goto(world.url + path);
      await fox.waitForSelector('html[data-hydrated]');
    }),
});
