// What every browser test does with a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Waits until the page answers clicks: before hydration they would be lost. */
export async function waitHydrated(page: Page): Promise<void> {
  await page.waitForSelector('html[data-hydrated]', { state: 'attached' });
}

/** Signs a person in by the form at `/signin`, by field names, so that it works in every language. */
export async function signIn(page: Page, base: string, email: string, password: string, script: boolean): Promise<void> {
  await page.goto(`${base}/signin`);
  if (script) await waitHydrated(page);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form:has(input[name=password]) button[type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/signin');
  if (script) await waitHydrated(page);
}

/** Runs axe (WCAG 2.2 AA and best practices) on the page in both themes; returns one text per violation. */
export async function axeViolations(page: Page, script: boolean): Promise<string[]> {
  if (script) return inBothThemes(page);
  const copy = await copyWithScript(page);
  const found = await inBothThemes(copy);
  await copy.context().close();
  return found;
}

async function inBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Colours change by transition, however short: axe is to see where they arrive.
    await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    });
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    )) as AxeResults;
    for (const { id, help, nodes } of violations) {
      const where = nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
      found.push([`${colorScheme}: ${id}: ${help}`, ...where].join('\n'));
    }
  }
  return found;
}

// axe needs timers, which a page without script does not have: it looks at a copy of what that page shows.
async function copyWithScript(page: Page): Promise<Page> {
  const body = await page.evaluate(() => {
    const root = document.documentElement.cloneNode(true) as HTMLElement;
    root.querySelectorAll('script').forEach((element) => element.remove());
    root.querySelectorAll('noscript').forEach((element) => element.replaceWith(...element.childNodes));
    return `<!doctype html>${root.outerHTML}`;
  });
  const browser = page.context().browser();
  // Said aloud because a new context otherwise takes the project's "no script".
  const context = await browser?.newContext({ viewport: page.viewportSize(), javaScriptEnabled: true });
  if (!context) throw new Error('the page belongs to no browser');
  const copy = await context.newPage();
  await copy.route(page.url(), (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await copy.goto(page.url());
  return copy;
}
