// Pictures of pages, to look at: every path × theme × width × language.
//
//   npm run shots -- --out FOLDER [--url http://127.0.0.1:3000] [--as EMAIL [--password P]] [--full]
//                    [--themes light,dark] [--widths 360,1024,1920] [--languages en,de] [--no-script] /path …
//
// {org} in a path is the organisation of whoever signs in.
// Without --url it starts a world of its own (KONTOR_BIN names the program) with the demo data.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { CHROMIUM, CHROMIUM_FLAGS } from './world/browsers.ts';
import { signIn, waitHydrated } from './world/page.ts';
import { DEMO_PASSWORD, startWorld } from './world/world.ts';

const { values: asked, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    url: { type: 'string' },
    as: { type: 'string' },
    password: { type: 'string', default: DEMO_PASSWORD },
    full: { type: 'boolean', default: false },
    themes: { type: 'string', default: 'light,dark' },
    widths: { type: 'string', default: '360,1024,1920' },
    languages: { type: 'string', default: 'en,de' },
    'no-script': { type: 'boolean', default: false },
  },
});
if (!asked.out || paths.length === 0) throw new Error('give --out FOLDER and at least one path');

const world = asked.url ? undefined : await startWorld();
const base = (asked.url ?? world?.url ?? '').replace(/\/$/, '');
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
const script = !asked['no-script'];
try {
  await mkdir(asked.out, { recursive: true });
  for (const locale of asked.languages.split(',')) {
    const context = await browser.newContext({ locale, javaScriptEnabled: script, timezoneId: 'Europe/Berlin' });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.error(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
    if (asked.as) await signIn(page, base, asked.as, asked.password, script);
    const [own] = /org_\w+/.exec(page.url()) ?? [''];
    for (const path of paths) {
      const name = path.replace(/^\//, '').replace(/[^\w-]+/g, '_') || 'home';
      for (const colorScheme of asked.themes.split(',') as ('light' | 'dark')[]) {
        for (const width of asked.widths.split(',').map(Number)) {
          await page.setViewportSize({ width, height: width < 600 ? 780 : 900 });
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.goto(base + path.replace('{org}', own));
          if (script) await waitHydrated(page).catch(() => console.error(`${page.url()} does not hydrate`));
          const file = join(asked.out, `${name}-${locale}-${colorScheme}-${width}.png`);
          await page.screenshot({ path: file, fullPage: asked.full });
          console.log(file);
        }
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  await world?.stop();
}
