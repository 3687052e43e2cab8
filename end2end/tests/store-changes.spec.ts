// What both sides have to say to a subscription, what is planned and taken back, and what finance does about it.
import { cardsOf, expectPdf, historyOf, orgOf, plain, previewOf, saveBilling, totalOf } from '../world/money.ts';
import { signIn } from '../world/page.ts';
import { expect, test } from '../world/test.ts';
import { DEMO_PASSWORD } from '../world/world.ts';

const PARTNER = 'owner@nordlicht.test';

test('the customer declines with a reason, approves the next one, and what is planned can be taken back', async ({
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
  test.setTimeout(120_000);
  await signInAs(PARTNER);
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);
  await visit(`/admin/${org}/partner/customers?q=kunde-04.test`);
  const customer = await page.getByRole('article').locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  const propose = async (seats: number) => {
    await visit(`${home}?plan=standard&seats=${seats}&term=yearly&payer=customer&when=now`);
    const named = await totalOf(page);
    await previewOf(page).locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === home && url.search === '');
    await settled();
    return named;
  };
  await propose(4);
  await expect(page.locator('#open-heading')).toBeVisible();

  // The customer says no, and why; the partner reads it.
  const other = await anotherPage();
  await signIn(other, world.url, 'admin@kunde-04.test', DEMO_PASSWORD, script);
  await other.waitForURL(/\/admin\/org_\w+/);
  const own = `/admin/${orgOf(other)}/subscription`;
  await visit(own, other);
  const decline = other.locator('form[action="/api/admin/decline_change"]');
  await decline.locator('button[type=submit]').click();
  await expect(other.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await settled(other);
  await decline.locator('[name=reason]').fill('Vier sind zu wenig');
  await decline.locator('button[type=submit]').click();
  await other.waitForURL((url) => url.pathname === own && url.search === '');
  await settled(other);
  await expect(decline).toHaveCount(0);
  await visit(home);
  await expect(historyOf(page)).toContainText('Vier sind zu wenig');

  // The next one it pays for: what it was shown is what it pays, and its invoice says so.
  const named = await propose(6);
  await visit(`/admin/${orgOf(other)}/billing`, other);
  await saveBilling(other, 'Elbe Apotheke');
  await settled(other);
  await other.locator('form[action="/api/admin/keep_card"] button[type=submit]').click();
  await expect(cardsOf(other)).toHaveCount(1);
  await visit(own, other);
  await other.locator('main a[href*="answer="]').click();
  await other.waitForURL(/answer=/);
  await settled(other);
  const preview = previewOf(other, '/api/admin/approve_change');
  expect(await totalOf(other, '/api/admin/approve_change')).toBe(named);
  await preview.locator('button[type=submit]').click();
  await other.waitForURL((url) => url.pathname === own && url.search === '');
  await settled(other);
  await expect(other.locator('#now-heading')).toContainText('Standard');
  const paper = historyOf(other).locator('tbody a').first();
  const number = plain(await paper.innerText());
  await paper.click();
  await other.waitForURL(/\/invoices\/inv_\w+$/);
  await expectPdf(await other.request.get(`${new URL(other.url()).pathname}?format=pdf`), number);

  // Fewer licences from the renewal on, taken back; and an end with the term, taken back as well.
  const undo = page.locator('form[action="/api/store/undo_change"] button[type=submit]');
  for (const wish of ['seats=5&when=renewal', 'plan=free&when=renewal']) {
    await visit(home);
    const before = plain(await page.locator('section.card').filter({ has: page.locator('#now-heading') }).innerText());
    await visit(`${home}?${wish}`);
    await previewOf(page).locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === home && url.search === '');
    await settled();
    await expect(undo).toHaveCount(1);
    await expectAccessible();
    await undo.click();
    await expect(undo).toHaveCount(0);
    await settled();
    // Exactly what was before is again.
    expect(plain(await page.locator('section.card').filter({ has: page.locator('#now-heading') }).innerText())).toBe(before);
  }
});

test('what is paid by transfer takes effect when finance has recorded it', async ({
  page,
  visit,
  settled,
  signInAs,
  world,
  anotherPage,
  script,
}) => {
  await signInAs(PARTNER);
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);
  await visit(`/admin/${org}/partner/customers?q=kunde-02.test`);
  const customer = await page.getByRole('article').locator('input[name=customer]').first().inputValue();
  const home = `/store/${org}/customers/${customer}`;
  await visit(`${home}?plan=standard&seats=5&term=yearly&payer=partner&when=now`);
  await previewOf(page).locator('[name=method][value=transfer]').check();
  await previewOf(page).locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === home && url.search === '');
  await settled();
  await expect(page.locator('#now-heading')).not.toContainText('Standard');

  const finance = await anotherPage();
  await signIn(finance, world.url, 'finance@vendor.test', DEMO_PASSWORD, script);
  await visit(`/vendor/payments?customer=${customer}`, finance);
  await finance.locator('a[href*="record="]').first().click();
  await expect(finance.locator('dialog[open]')).toBeVisible();
  await settled(finance);
  await finance.locator('[name=reference]').fill('Auszug 7');
  await finance.locator('button[name=arrived][value=yes]').click();
  await finance.waitForURL((url) => url.pathname === '/vendor/payments' && url.search === '');
  await visit(home);
  await expect(page.locator('#now-heading')).toContainText('Standard');
  await expect(historyOf(page).locator('tbody a')).toHaveCount(1);
});

test('the console reports payments, by side and as a file', async ({ page, visit, signInAs, settled, expectAccessible }) => {
  await signInAs(PARTNER);
  await page.waitForURL(/\/store\/org_\w+/);
  const org = orgOf(page);
  const path = `/admin/${org}/partner/payments`;
  await visit(path);
  const lines = page.locator('main table').first().locator('tbody tr');
  await expect(lines.first()).toBeVisible();
  await expectAccessible();
  await page.locator('[name=payer]').selectOption('customer');
  await page.locator('form:has([name=payer]) button[type=submit]').click();
  await page.waitForURL(/payer=customer/);
  await settled();
  const shown = await lines.count();
  expect(shown).toBeGreaterThan(0);
  // The file is the list: the same filters, and every line of it.
  const link = await page.locator('main a[href*="format=csv"]').getAttribute('href');
  expect(link).toContain('payer=customer');
  const file = await page.request.get(link ?? '');
  expect(file.headers()['content-type']).toContain('text/csv');
  const rows = (await file.text()).trim().split('\r\n');
  expect(rows.length - 1).toBeGreaterThanOrEqual(shown);
  // A line leads to its customer and to its paper, which is in the file as well.
  const paper = lines.first().locator('a[href*="/invoices/"]');
  const number = plain(await paper.innerText());
  expect(rows.some((row) => row.includes(number))).toBe(true);
  await paper.click();
  await page.waitForURL(/\/invoices\/inv_\w+$/);
  await settled();
  await expect(page.locator('article.invoice h1')).toContainText(number);
});

test('a price is set for a later day, and withdrawn', async ({ page, visit, settled, signInAs, say, expectAccessible }) => {
  await signInAs('admin@vendor.test');
  await visit('/settings/catalogue?currency=EUR');
  await expectAccessible();
  const price = page.locator('main a[href*="price=mail-premium.yearly"]');
  const before = plain(await price.innerText());
  await price.click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await settled();
  await expectAccessible();
  const set = page.locator('form[action="/api/settings/set_price"]');
  // What is no amount is said to be none.
  await set.locator('[name=amount]').fill('-1');
  await set.locator('button[type=submit]').click();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await settled();
  await set.locator('[name=amount]').fill('49.99');
  await set.locator('button[type=submit]').click();
  await expect(page.locator('.notice')).toBeVisible();
  await settled();
  // What holds today stays; what is announced stands beneath it, and can be withdrawn.
  await expect(price).toHaveText(before);
  const cell = page.locator('td', { has: page.locator('a[href*="price=mail-premium.yearly"]') });
  await expect(cell).toContainText(/49[.,]99/);
  await price.click();
  await settled();
  await page.locator('form[action="/api/settings/withdraw_price"] button[type=submit]').click();
  await expect(page.locator('.notice')).toBeVisible();
  await settled();
  await visit('/settings/catalogue?currency=EUR');
  await expect(cell).not.toContainText(/49[.,]99/);
});
