// `test` of every spec: Playwright's, with a running world and pages that tolerate no console error.
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { Database } from './kontor.ts';
import { axeViolations, signIn, waitHydrated } from './page.ts';
import { labelled, type Say, speaker, type Word } from './words.ts';
import { DEMO_PASSWORD, startWorld, type World } from './world.ts';

export { DEMO_PASSWORD, expect };

export interface WorkerFixtures {
  /** Which database the world of this project has. */
  database: Database;
  /** Configuration variables that differ from the usual; a spec sets them by `test.use`. */
  settings: Record<string, string>;
  /** One per worker: server, database, mail, DNS, web site, with the demo data. */
  world: World;
}

export interface TestFixtures {
  /** False in the project without JavaScript. */
  script: boolean;
  /** Says a name of the interface in the project's language. */
  say: Say;
  /** Opens a path and waits until it answers clicks. */
  visit: (path: string, page?: Page) => Promise<void>;
  /** Waits until the page that a click led to answers clicks. */
  settled: (page?: Page) => Promise<void>;
  /** The field with this label. */
  field: (word: Word) => Locator;
  /** Signs a demo person in on the page of the test. */
  signInAs: (email: string, password?: string) => Promise<void>;
  /** Fails if axe finds anything, in light or dark. */
  expectAccessible: () => Promise<void>;
  /** Console messages that this test provokes on purpose, such as the browser's note about a 404. */
  tolerate: (message: RegExp) => void;
  /** A second person's browser, as strict as the first; closed with the test. */
  anotherPage: () => Promise<Page>;
}

interface Guards {
  tolerated: RegExp[];
  consoleErrors: string[];
  guard: void;
}

export const test = base.extend<TestFixtures & Guards, WorkerFixtures>({
  database: ['sqlite', { option: true, scope: 'worker' }],
  settings: [{}, { option: true, scope: 'worker' }],
  world: [
    async ({ database, settings }, use) => {
      const world = await startWorld(database, settings);
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ world }, use) => use(world.url),
  script: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled ?? true),
  say: async ({ locale }, use) => use(speaker(locale)),

  tolerated: async ({}, use) => use([]),
  tolerate: async ({ tolerated }, use) => use((message) => void tolerated.push(message)),
  consoleErrors: async ({}, use) => use([]),

  // Runs for every test: the browser's and the server's complaints are failures.
  guard: [
    async ({ world, consoleErrors, tolerated }, use, info) => {
      const before = world.kontor.log.length;
      await use();
      const log = world.kontor.log.slice(before);
      if (info.status !== info.expectedStatus) await info.attach('kontor.log', { body: log, contentType: 'text/plain' });
      const left = consoleErrors.filter((text) => !tolerated.some((pattern) => pattern.test(text)));
      expect(left, 'the browser console').toEqual([]);
      expect(log, 'the log of the server').not.toContain('panicked at');
    },
    { auto: true },
  ],

  page: async ({ page, consoleErrors }, use) => {
    watch(page, consoleErrors);
    await use(page);
  },
  anotherPage: async ({ browser, contextOptions, world, locale, javaScriptEnabled, consoleErrors }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL: world.url, locale, javaScriptEnabled });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, consoleErrors);
      return page;
    });
    for (const context of contexts) await context.close();
  },

  settled: async ({ page, script }, use) => use(async (other = page) => (script ? waitHydrated(other) : undefined)),
  visit: async ({ page, settled }, use) =>
    use(async (path, other = page) => {
      await other.goto(path);
      await settled(other);
    }),
  field: async ({ page, say }, use) => use((word) => page.getByLabel(labelled(say(word)))),
  signInAs: async ({ page, world, script }, use) =>
    use((email, password = DEMO_PASSWORD) => signIn(page, world.url, email, password, script)),
  expectAccessible: async ({ page, script }, use) =>
    use(async () => expect(await axeViolations(page, script), 'axe').toEqual([])),
});

function watch(page: Page, errors: string[]): void {
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()} (${message.location().url})`);
  });
}
