// From the form to the welcome: what an applicant and a reviewer do, and what each of them sees of the other.
import type { Locator, Page } from '@playwright/test';
import { DEMO_PASSWORD, expect, test } from '../world/test.ts';
import type { Word } from '../world/words.ts';

const ABOUT = 'We have moved mail and office of small firms for twenty years, from planning to training.';

/** A company nobody else in this run has. */
function fresh(kind: string): { name: string; domain: string; email: string } {
  const tag = `${kind}${Date.now().toString(36)}`;
  return { name: `${tag} GmbH`, domain: `${tag}.example`, email: `owner@${tag}.example` };
}

/** Fills the form but for the account's fields. */
async function fill(page: Page, company: { name: string; domain: string }): Promise<void> {
  const texts: Record<string, string> = {
    first_name: 'Jörg',
    last_name: 'Ødegaard',
    phone: '+49 (0) 40 / 123 45 67',
    company_name: company.name,
    website: company.domain,
    street: 'Hafenstraße 1',
    postal_code: '20457',
    city: 'Hamburg',
    experience: ABOUT,
    plans: ABOUT,
  };
  for (const [name, value] of Object.entries(texts)) await page.locator(`[name=${name}]`).fill(value);
  await page.locator('[name=employees]').selectOption('6-20');
  await page.locator('[name=country]').selectOption('DE');
  await page.locator('[name=terms]').check();
  await page.locator('[name=privacy]').check();
}

/** A button inside the form that calls a server function. */
const button = (page: Page, call: string, name: string): Locator =>
  page.locator(`form[action="/api/${call}"]`).getByRole('button', { name, exact: true });

test('a person applies, answers a question, is approved and welcomed @main', async ({
  page,
  visit,
  settled,
  say,
  world,
  script,
  anotherPage,
  expectAccessible,
}) => {
  const company = fresh('nordwind');
  await visit('/apply?expertise=workplace');
  await expect(page.locator('[name=expertise]')).toHaveValue('workplace');
  await expectAccessible();
  await page.locator('[name=email]').fill(company.email);
  await page.locator('[name=password]').fill('four words make one');
  await fill(page, company);
  await page.getByRole('button', { name: say('Submit'), exact: true }).click();
  await page.waitForURL(/sent=/);

  const confirmation = await world.mail.waitFor(company.email);
  await visit(confirmation.links.find((link) => link.includes('/confirm/')) ?? '');
  await page.locator('main form button').click();
  const received = await world.mail.waitFor(company.email);
  const status = received.links.find((link) => link.includes('/apply/status/')) ?? '';
  await visit(status);
  await expect(page.getByText(say('Submitted'), { exact: true }).first()).toBeVisible();
  await expectAccessible();

  const review = await anotherPage();
  const { signIn } = await import('../world/page.ts');
  await signIn(review, world.url, 'reviewer@vendor.test', DEMO_PASSWORD, script);
  await visit(`/review?q=${company.domain}`, review);
  await review.getByRole('link', { name: company.name }).click();
  await review.waitForURL(/\/review\/app_/);
  await settled(review);
  await button(review, 'review/assign', say('Assign to me')).click();
  await expect(review.getByText(say('In review'), { exact: true }).first()).toBeVisible();
  await settled(review);
  await review.locator('[name=question]').fill('Which towns?\nAnd <b>when</b>?');
  await button(review, 'review/ask', say('Ask for more')).click();
  await expect(review.getByText(say('Waiting for answer'), { exact: true }).first()).toBeVisible();

  const question = await world.mail.waitFor(company.email);
  expect(question.text).toContain('Which towns?');
  await visit(status);
  await expect(page.getByText('And <b>when</b>?')).toBeVisible();
  await page.locator('[name=answer]').fill('Kiel & Lübeck');
  await page.locator('form[action="/api/apply/answer"] button').click();
  await expect(page.getByText('Kiel & Lübeck')).toBeVisible();

  await review.reload();
  await settled(review);
  await expect(review.getByText('Kiel & Lübeck')).toBeVisible();
  await review.locator('[name=tier]').selectOption('advanced');
  await review.locator('[name=rate]').fill('17,5');
  await button(review, 'review/approve', say('Approve')).click();
  await expect(review.getByText(say('Approved'), { exact: true }).first()).toBeVisible();

  const welcome = await world.mail.waitFor(company.email);
  expect(welcome.links.some((link) => link.endsWith('/store'))).toBe(true);
  await visit(status);
  await expect(page.locator('main').getByRole('link', { name: say('Partner Store') })).toBeVisible();
});

test('what is wrong is said at once, and nothing typed is lost @main', async ({ page, visit, settled, say, field, expectAccessible }) => {
  const company = fresh('suedwind');
  await visit('/apply');
  await fill(page, company);
  const hostile = '</textarea><script>document.title = "broken"</script> مرحبا 🎉 ';
  await page.locator('[name=plans]').fill(hostile + ABOUT);
  await page.locator('[name=email]').fill('nobody');
  await page.locator('[name=postal_code]').fill('1');
  await page.locator('[name=terms]').uncheck();
  await page.getByRole('button', { name: say('Submit'), exact: true }).click();
  const summary = page.getByRole('alert').filter({ hasText: say('There is a problem') });
  await expect(summary).toBeVisible();
  await settled();
  const wrong: Word[] = ['Email address', 'Postal code'];
  for (const label of wrong) {
    await expect(summary.getByText(say(label))).toBeVisible();
    await expect(field(label)).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(page.locator('[name=company_name]')).toHaveValue(company.name);
  await expect(page.locator('[name=plans]')).toHaveValue(hostile + ABOUT);
  await expect(page.locator('[name=employees]')).toHaveValue('6-20');
  await expect(page.locator('[name=terms]')).not.toBeChecked();
  await expect(page.locator('[name=privacy]')).toBeChecked();
  await expect(page).not.toHaveTitle('broken');
  await expectAccessible();
});

test('a draft survives leaving and coming back', async ({ page, visit, settled, say }) => {
  const company = fresh('ostwind');
  await visit('/apply');
  await fill(page, company);
  await page.getByRole('link', { name: say('Help'), exact: true }).first().click();
  await page.waitForURL('**/help');
  await page.getByRole('link', { name: say('Apply'), exact: true }).first().click();
  await expect(page.locator('[name=company_name]')).toHaveValue(company.name);
  // The draft is kept a moment after the last key.
  await page.locator('[name=city]').press('End');
  await page.locator('[name=city]').pressSequentially(' Altona');
  await page.waitForResponse((response) => response.url().endsWith('/api/apply/save_draft') && response.ok());
  await page.goto('about:blank');
  await visit('/apply');
  await settled();
  await expect(page.locator('[name=city]')).toHaveValue('Hamburg Altona');
  await expect(page.locator('[name=terms]')).toBeChecked();
  await expect(page.locator('[name=password]')).toHaveValue('');
});

test('the queue is walked by keyboard and filtered by its address', async ({ page, visit, say, signInAs, expectAccessible }) => {
  await signInAs('reviewer@vendor.test');
  await visit('/review');
  await expect(page.getByRole('heading', { level: 1, name: say('Applications') })).toBeVisible();
  await expectAccessible();
  const rows = page.locator('tbody th a');
  expect(await rows.count()).toBeGreaterThan(1);
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.nth(0)).toBeFocused();
  const name = await rows.nth(0).innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expectAccessible();

  await visit('/review');
  const search = page.getByRole('searchbox');
  await search.pressSequentially(name.slice(0, 6));
  await page.waitForURL(/q=/);
  await expect(search).toBeFocused();
  await expect(rows.filter({ hasText: name })).toBeVisible();
  await search.fill('no such company anywhere');
  await expect(rows).toHaveCount(0);
  await expect(search).toBeFocused();
});

test('two reviewers at once: one wins, the other is told', async ({ page, visit, settled, say, world, script, signInAs, anotherPage }) => {
  await signInAs('reviewer@vendor.test');
  await visit('/review?status=submitted');
  await page.locator('tbody th a').last().click();
  await page.waitForURL(/\/review\/app_/);
  await settled();
  const other = await anotherPage();
  const { signIn } = await import('../world/page.ts');
  await signIn(other, world.url, 'admin@vendor.test', DEMO_PASSWORD, script);
  await visit(page.url(), other);
  await page.locator('[name=reason]').selectOption('quality');
  await button(page, 'review/reject', say('Reject')).click();
  await expect(page.getByText(say('Rejected'), { exact: true }).first()).toBeVisible();
  await button(other, 'review/approve', say('Approve')).click();
  await expect(other.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await expect(other.getByText(say('Rejected'), { exact: true }).first()).toBeVisible();
});
