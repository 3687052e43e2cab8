import { defineConfig, devices } from '@playwright/test';
import { CHROMIUM, CHROMIUM_FLAGS } from './world/browsers.ts';
import type { WorkerFixtures } from './world/test.ts';

const chromium = {
  ...devices['Desktop Chrome'],
  channel: undefined,
  launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_FLAGS },
};

// The full suite runs once, with script, in English, on SQLite. Tests tagged @main, the main way, run again in every
// variation that people really have.
export default defineConfig<object, WorkerFixtures>({
  testDir: 'tests',
  outputDir: 'test-results',
  forbidOnly: process.env.CI === 'true',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ...(process.env.KONTOR_REPORT ? [['json', { outputFile: process.env.KONTOR_REPORT }] as const] : [])],
  use: { locale: 'en-GB', timezoneId: 'Europe/Berlin', trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testIgnore: 'firefox/**', use: chromium },
    { name: 'noscript', testIgnore: 'firefox/**', grep: /@main/, use: { ...chromium, javaScriptEnabled: false } },
    { name: 'german', testIgnore: 'firefox/**', grep: /@main/, use: { ...chromium, locale: 'de-DE' } },
    { name: 'postgres', testIgnore: 'firefox/**', grep: /@main/, use: { ...chromium, database: 'postgres' } },
    { name: 'firefox', testMatch: 'firefox/**/*.spec.ts' },
  ],
});
