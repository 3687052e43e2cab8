// The way of commission: a customer pays, its partner earns, sees why, asks for it with an invoice, and finance sends it
// to the bank; at the end it stands on the statement of the month.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { cardsOf, orgOf, plain, previewOf, saveBilling } from '../world/money.ts';
import { axeViolations, signIn } from '../world/page.ts';
import { expect, test } from '../world/test.ts';
import { DEMO_PASSWORD } from '../world/world.ts';

// A world of its own: its clock goes ahead, and what that brings about stays so.
test.use({ settings: { KONTOR_LOG: 'info,hyper=warn,sqlx=warn' } });

const PARTNER = 'owner@alpen.test';
const CUSTOMER = 'Enzian Apotheke';
const ADMIN = 'admin@kunde-30.test';
/** Behind the 45 days in which a year can be refunded; and in a later month, when the one of the payout is closed. */
const HELD = 47;
const CLOSED = 80;

/** The month of so many days ahead, as addresses name it. */
const month = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 7);

test('commission is earned, explained, requested with an invoice, sent and stated @main', async ({
  page,
  visit,
  settled,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
  say,
  script,
}) => {
  test.setTimeout(360_000);
  /** Days go by. Pages that are open would complain that the server goes away: nobody looks at any. */
  const ahead = async (days: number, ...open: Page[]) => {
    for (const one of open) await one.goto('about:blank');
    await world.kontor.down();
    await world.kontor.up(`+${days}d`);
    await signInAs(PARTNER);
  };
  await signInAs(PARTNER);
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);

  // The account, before anything: it is on hold for some days.
  const payouts = `/store/${org}/payouts`;
  await visit(payouts);
  await expectAccessible();
  const account = page.locator('form[action="/api/store/set_payout_account"]');
  await account.locator('[name=holder]').fill('Alpen Systems GmbH');
  await account.locator('[name=iban]').fill('DE88 3704 0044 0532 0130 00');
  await account.locator('button[type=submit]').click();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await settled();
  await account.locator('[name=iban]').fill('DE89 3704 0044 0532 0130 00');
  await account.locator('button[type=submit]').click();
  await expect(page.getByText('DE •••• 3000')).toBeVisible();
  await settled();
  await expect(page.locator('form[action="/api/store/request_payout"]')).toHaveCount(0);

  // The customer pays what its partner proposes: 20 licences for a year at 72.00.
  await visit(`/admin/${org}/partner/customers?q=kunde-30.test`);
  const customer = await page.getByRole('article').locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  await visit(`${home}?plan=professional&seats=20&term=yearly&payer=customer&when=now`);
  await previewOf(page).locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');
  const payer = await anotherPage();
  await signIn(payer, world.url, ADMIN, DEMO_PASSWORD, script);
  await payer.waitForURL(/\/admin\/org_\w+/);
  const console = `/admin/${orgOf(payer)}`;
  await visit(`${console}/billing`, payer);
  await saveBilling(payer, CUSTOMER);
  await settled(payer);
  await payer.locator('form[action="/api/admin/keep_card"] button[type=submit]').click();
  await expect(cardsOf(payer)).toHaveCount(1);
  await visit(`${console}/subscription`, payer);
  await payer.locator('main a[href*="answer="]').click();
  await payer.waitForURL(/answer=/);
  await settled(payer);
  await previewOf(payer, '/api/admin/approve_change').locator('button[type=submit]').click();
  await payer.waitForURL((url) => url.pathname === `${console}/subscription` && url.search === '');
  await settled(payer);
  await expect(payer.locator('#now-heading')).toContainText('Professional');

  // A line of commission, and why it is what it is.
  const commissions = `/store/${org}/commissions`;
  await visit(commissions);
  await expectAccessible();
  const line = page.getByRole('row').filter({ hasText: CUSTOMER }).first();
  await expect(line).toContainText(/1[.,]440[.,]00/);
  await expect(line).toContainText(/288[.,]00/);
  await line.locator('a[href*="line="]').click();
  const why = page.locator('dialog[open]');
  await expect(why.locator('ol li').filter({ hasText: /1[.,]440[.,]00.*20.*288[.,]00/ })).toHaveCount(1);
  await settled();
  await expectAccessible();

  // The hold is over.
  await ahead(HELD, page, payer);
  // The worker releases it, some moment after the start.
  await expect
    .poll(async () => {
      await visit(`${commissions}?state=available`);
      return page.getByRole('row').filter({ hasText: CUSTOMER }).count();
    }, { timeout: 30_000 })
    .toBe(1);
  await visit(payouts);
  const request = page.locator('form[action="/api/store/request_payout"] button[type=submit]');
  const asked = plain(await request.innerText());
  await request.click();
  const row = page.locator('section', { has: page.locator('#history-heading') }).locator('tbody tr').first();
  await expect(row).toBeVisible();
  await settled();
  const number = plain(await row.locator('th').innerText());
  const amount = plain(await row.locator('td.num').innerText());
  expect(asked).toContain(amount);
  await expect(request).toHaveCount(0);
  await expectAccessible();

  // Its invoice: what is no PDF is refused, however it calls itself.
  await row.locator('a[href*="upload="]').click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await expectAccessible();
  const dialog = page.locator('dialog[open]');
  const minor = await dialog.locator('[name=amount]').inputValue();
  const send = async (content: string) => {
    await dialog.locator('[name=number]').fill('RE-2026-1');
    await dialog.locator('#upload-file').setInputFiles({ name: 're-1.pdf', mimeType: 'application/pdf', buffer: Buffer.from(content) });
    await dialog.locator('button[type=submit]').click();
  };
  await send('<html>no invoice</html>');
  await expect(dialog.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await settled();
  await send('%PDF-1.7\n% the invoice\n');
  await expect(dialog).toHaveCount(0);
  await settled();
  const uploaded = row.locator('a[href$="/invoice"]');
  await expect(uploaded).toHaveText('RE-2026-1');
  const file = await page.request.get((await uploaded.getAttribute('href')) ?? '');
  expect(await file.text()).toBe('%PDF-1.7\n% the invoice\n');

  // Finance approves, gives the bank its file, and notes what the bank did.
  const finance = await anotherPage();
  await signIn(finance, world.url, 'finance@vendor.test', DEMO_PASSWORD, script);
  await visit('/vendor/payouts', finance);
  expect(await axeViolations(finance, script), 'axe').toEqual([]);
  const queued = finance.getByRole('row').filter({ hasText: number });
  const act = async (act: string) => {
    await queued.locator('a[href*="payout="]').last().click();
    const button = finance.locator(`dialog[open] button[name=act][value=${act}]`);
    await button.waitFor();
    await settled(finance);
    await button.click();
    await finance.waitForURL((url) => url.pathname === '/vendor/payouts' && url.search === '');
    await settled(finance);
  };
  await act('approve');
  await queued.locator('input[name="id[]"]').check();
  const [download] = await Promise.all([
    finance.waitForEvent('download'),
    finance.locator('#file-form button[type=submit]').click(),
  ]);
  const xml = await readFile(await download.path(), 'utf8');
  expect(xml).toContain('urn:iso:std:iso:20022:tech:xsd:pain.001.001.');
  expect(xml).toContain(`<EndToEndId>${number}</EndToEndId>`);
  expect(xml).toContain(`<InstdAmt Ccy="EUR">${minor.replace(',', '.')}</InstdAmt>`);
  expect(xml).toContain('<IBAN>DE89370400440532013000</IBAN>');
  await act('sent');
  await act('paid');
  await world.mail.waitFor(PARTNER, number);

  // Paid out: the commission says so, and the report counts it.
  await visit(`${commissions}?state=paid`);
  await expect(page.getByRole('row').filter({ hasText: CUSTOMER }).first()).toContainText(/288[.,]00/);
  await visit(`/store/${org}/reports`);
  await expectAccessible();
  const paid = page.locator('main a[href*="figure=paid-out"]').first();
  await expect(paid).toContainText(amount);
  await paid.click();
  await page.waitForURL(/\/reports\/lines/);
  await settled();
  await expect(page.locator('main table')).toContainText(amount);
  await expectAccessible();

  // When the month is over its statement says what was paid out.
  await ahead(CLOSED, page, finance);
  const closed = page.locator(`main a[href*="statement=${month(HELD)}"]`);
  await expect
    .poll(async () => {
      await visit(commissions);
      return closed.count();
    }, { timeout: 30_000 })
    .toBe(1);
  await closed.click();
  await page.waitForURL(/statement=/);
  await settled();
  await expect(page.locator('main .stat-grid')).toContainText(amount);
  await expectAccessible();
});
