// The way of the money: a partner adds a card, buys for a customer on trial what the preview said, upgrades with a card
// whose bank asks, and finance gives a part back; every step leaves a paper that can be read, printed and downloaded.
import type { Page } from '@playwright/test';
import { cardsOf, expectPdf, historyOf, orgOf, plain, previewOf, sheetTotal, totalOf } from '../world/money.ts';
import { signIn } from '../world/page.ts';
import { expect, test } from '../world/test.ts';
import { DEMO_PASSWORD } from '../world/world.ts';

const PARTNER = 'owner@nordlicht.test';
/** On trial in the demo, and bought for by this test only. */
const CUSTOMER = 'Kontorhaus Immobilien';
const DOMAIN = 'kunde-03.test';
/** How the card of the demo's provider ends whose bank asks. */
const ASKS = '0005';
/** And the one that pays, and whose bank takes the money back. */
const PAYS = '0001';
const TAKEN_BACK = '0011';
const CONFIRM = 'form[action="/api/store/confirm_change"]';

test('a trial is bought, upgraded at the bank, invoiced and partly given back @main', async ({
  page,
  visit,
  settled,
  signInAs,
  world,
  anotherPage,
  expectAccessible,
  script,
}) => {
  test.setTimeout(150_000);
  await signInAs(PARTNER);
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);

  // A card is chosen, for the demo's provider has no numbers to type.
  await visit(`/admin/${org}/billing`);
  await page.locator('[name=setup][value=action_required]').check();
  await page.locator('form[action="/api/admin/keep_card"] button[type=submit]').click();
  await expect(cardsOf(page).filter({ hasText: ASKS })).toBeVisible();
  await settled();
  await expectAccessible();

  // The customer is on trial; what the preview says is what is booked, to the cent.
  await visit(`/admin/${org}/partner/customers?q=${DOMAIN}`);
  const card = page.getByRole('article', { name: CUSTOMER, exact: true });
  const customer = await card.locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  await visit(home);
  await page.locator('[name=plan]').selectOption('standard');
  await page.locator('[name=seats]').fill('7');
  await page.locator('[name=term]').selectOption('monthly');
  await page.locator('form[method=get] button[type=submit]').click();
  await page.waitForURL(/plan=standard/);
  await settled();
  await expectAccessible();
  const preview = previewOf(page);
  const named = await totalOf(page);
  const pay = preview.locator(`${CONFIRM} button[type=submit]`);
  expect(plain(await pay.innerText())).toContain(named);
  await pay.click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');
  await settled();
  await expect(page.locator('.notice')).toBeVisible();
  const history = historyOf(page);
  await expect(history.locator('tbody a')).toHaveCount(1);
  await expectAccessible();

  // Its invoice is a page, a file, and a mail that leads there.
  const number = plain(await history.locator('tbody a').innerText());
  await history.locator('tbody a').click();
  await page.waitForURL(/\/invoices\/inv_\w+$/);
  await settled();
  await expect(page.locator('article.invoice h1')).toContainText(number);
  expect(await sheetTotal(page)).toBe(named);
  await expectAccessible();
  const paper = new URL(page.url()).pathname;
  const download = page.locator(`main a[href="${paper}?format=pdf"]`);
  await expect(download).toBeVisible();
  await expectPdf(await page.request.get(`${paper}?format=pdf`), number);
  const mail = await world.mail.waitFor(PARTNER, number);
  expect(mail.links).toContain(`${world.url}${paper}`);
  await page.emulateMedia({ media: 'print' });
  await expect(download).toBeHidden();
  await expect(page.locator('article.invoice')).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  // More, with the card whose bank asks: nothing happens before its owner has confirmed.
  await visit(home);
  await page.locator('[name=plan]').selectOption('professional');
  await page.locator('form[method=get] button[type=submit]').click();
  await page.waitForURL(/plan=professional/);
  await settled();
  const upgrade = await totalOf(page);
  await preview.getByRole('radio', { name: new RegExp(ASKS) }).check();
  await preview.locator(`${CONFIRM} button[type=submit]`).click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');
  await settled();
  await expect(page.locator('#now-heading')).not.toContainText('Professional');
  await page.locator('main a[href*="/demo/bank/"]').click();
  await page.waitForURL(/\/demo\/bank\//);
  await settled();
  expect(plain(await page.locator('main dd').first().innerText())).toBe(upgrade);
  await expectAccessible();
  await page.locator('button[name=confirms][value=yes]').click();
  await page.waitForURL((url) => url.pathname === home);
  await settled();
  await expect(page.locator('.notice')).toBeVisible();
  await expect(page.locator('#now-heading')).toContainText('Professional');
  await expect(history.locator('tbody a')).toHaveCount(2);

  // What the partner owes and owed is in its console as well.
  await visit(`/admin/${org}/billing`);
  const own = page.locator('section.card').filter({ has: page.locator('#invoices-heading') });
  const line = own.getByRole('row').filter({ has: page.getByRole('link', { name: number, exact: true }) });
  await expect(line).toHaveCount(1);
  expect(plain(await line.innerText())).toContain(named);

  // Finance gives a euro back; the partner gets a credit note.
  const finance = await anotherPage();
  await signIn(finance, world.url, 'finance@vendor.test', DEMO_PASSWORD, script);
  await visit('/vendor/payments', finance);
  const payment = finance.getByRole('row').filter({ has: finance.getByRole('link', { name: number, exact: true }) });
  await payment.locator('a[href*="refund="]').click();
  await expect(finance.locator('dialog[open]')).toBeVisible();
  await settled(finance);
  await finance.locator('[name=kind][value=partial]').check();
  await finance.locator('[name=amount]').fill('1');
  await finance.locator('[name=reason]').fill('Kulanz');
  await finance.locator('form[action="/api/vendor/refund_payment"] button[type=submit]').click();
  await finance.waitForURL((url) => url.pathname === '/vendor/payments' && url.search === '');
  await settled(finance);
  await expect(payment).toContainText(/1[.,]00/);
  await payment.getByRole('link', { name: number, exact: true }).click();
  await finance.waitForURL(/\/vendor\/invoices\/inv_\w+$/);
  await settled(finance);
  expect(await sheetTotal(finance)).toBe(named);
  await expectPdf(await finance.request.get(`${new URL(finance.url()).pathname}?format=pdf`), number);
  const note = await world.mail.waitFor(PARTNER, /-C-\d{4}-\d{6}/);
  await visit(note.links.find((link) => link.includes('/invoices/')) ?? '');
  await expect(page.locator('article.invoice h1')).toContainText(number);
});

test('who refuses at the bank has bought nothing', async ({ page, visit, settled, signInAs }) => {
  await signInAs('owner@alpen.test');
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);
  await visit(`/admin/${org}/billing`);
  await page.locator('[name=setup][value=action_required]').check();
  await page.locator('form[action="/api/admin/keep_card"] button[type=submit]').click();
  await expect(cardsOf(page).filter({ hasText: ASKS })).toBeVisible();
  await visit(`/admin/${org}/partner/customers?q=kunde-31.test`);
  const customer = await page.getByRole('article').locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  await visit(`${home}?plan=standard&seats=5&term=monthly&payer=partner&when=now`);
  await page.getByRole('radio', { name: new RegExp(ASKS) }).check();
  await page.locator(`${CONFIRM} button[type=submit]`).click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');
  await settled();
  const bank = await page.locator('main a[href*="/demo/bank/"]').getAttribute('href');
  await visit(bank ?? '');
  await page.locator('button[name=confirms][value=no]').click();
  await page.waitForURL((url) => url.pathname === home);
  await settled();
  await expect(page.locator('main a[href*="/invoices/"]')).toHaveCount(0);
  // There is nothing left to answer.
  await visit(bank ?? '');
  await expect(page.locator('button[name=confirms]')).toHaveCount(0);
});

test('a payment that the bank takes back is paid anew with another card', async ({
  page,
  visit,
  settled,
  signInAs,
  expectAccessible,
}) => {
  test.setTimeout(90_000);
  await signInAs('owner@alpen.test');
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);
  await visit(`/admin/${org}/billing`);
  await page.locator('[name=setup][value=chargeback]').check();
  await page.locator('form[action="/api/admin/keep_card"] button[type=submit]').click();
  await expect(cardsOf(page).filter({ hasText: TAKEN_BACK })).toBeVisible();
  await visit(`/admin/${org}/partner/customers?q=kunde-37.test`);
  const customer = await page.getByRole('article').locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  await visit(`${home}?plan=standard&seats=10&term=monthly&payer=partner&when=now`);
  await page.getByRole('radio', { name: new RegExp(TAKEN_BACK) }).check();
  await page.locator(`${CONFIRM} button[type=submit]`).click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');

  // The demo's bank takes the money back some seconds later.
  const owed = page.locator('main a[href$="#pay-heading"]');
  await expect(async () => {
    await visit(home);
    await expect(owed).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 40_000 });
  await expectAccessible();
  await owed.click();
  await page.waitForURL(/\/invoices\/inv_\w+/);
  await settled();
  await expectAccessible();
  const pay = page.locator('form[action="/api/store/pay_invoice"]');
  await pay.getByRole('radio', { name: new RegExp(PAYS) }).check();
  await pay.locator('button[type=submit]').click();
  await page.waitForURL((url) => /\/invoices\/inv_\w+$/.test(url.pathname));
  await settled();
  await expect(page.locator('.notice')).toBeVisible();
  await expect(pay).toHaveCount(0);
  await visit(home);
  await expect(owed).toHaveCount(0);
});

test('a customer finds the invoices it owes, and none that its partner pays', async ({
  page,
  visit,
  settled,
  signInAs,
  anotherPage,
  world,
  script,
  expectAccessible,
}) => {
  const papers = (of: Page) => of.locator('section.card').filter({ has: of.locator('#invoices-heading') }).locator('tbody a');
  await signInAs('admin@kunde-09.test');
  await page.waitForURL(/\/admin\/org_\w+/);
  await visit(`/admin/${orgOf(page)}/billing`);
  await expect(papers(page).first()).toBeVisible();
  await expectAccessible();
  const number = plain(await papers(page).first().innerText());
  await papers(page).first().click();
  await page.waitForURL(/\/admin\/org_\w+\/invoices\/inv_\w+$/);
  await settled();
  await expect(page.locator('article.invoice h1')).toContainText(number);
  await expectPdf(await page.request.get(`${new URL(page.url()).pathname}?format=pdf`), number);

  const other = await anotherPage();
  await signIn(other, world.url, 'admin@kunde-01.test', DEMO_PASSWORD, script);
  await other.waitForURL(/\/admin\/org_\w+/);
  await visit(`/admin/${orgOf(other)}/billing`, other);
  await expect(other.locator('#invoices-heading')).toBeVisible();
  await expect(papers(other)).toHaveCount(0);
});
