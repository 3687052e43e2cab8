// What time does, with the real program under a clock that is ahead.
import { expect, test } from '../world/test.ts';

// A world of its own: what this clock has ended stays so for the tests that follow.
test.use({ settings: { KONTOR_LOG: 'info,hyper=warn' } });

const PARTNER = 'owner@alpen.test';
const TRIAL = 'Enzian Apotheke';

test('a while after signing in, Manage asks who one is', async ({ page, visit, settled, say, signInAs, world, expectAccessible }) => {
  await signInAs(PARTNER);
  const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  await world.kontor.down();
  await world.kontor.up('+20m');
  await visit(`/admin/${org}/partner/customers?q=${encodeURIComponent(TRIAL)}`);
  const card = page.getByRole('article', { name: TRIAL, exact: true });
  await card.hover();
  await card.getByRole('button', { name: say('Manage'), exact: true }).click();
  await page.waitForURL(/\/manage$/);
  await settled();
  await expectAccessible();
  const send = page.locator('form[action="/api/admin/manage"] button');
  await page.locator('[name=password]').fill('not-the-password');
  await send.click();
  await page.waitForURL(/state=/);
  await settled();
  await expect(page.getByRole('alert').filter({ hasText: say('There is a problem') })).toBeVisible();
  await page.locator('[name=password]').fill('kontor-demo');
  await send.click();
  await expect(page.getByRole('region', { name: say('Managing {organisation} on its behalf', { organisation: TRIAL }) })).toBeVisible();
});

test('a trial warns, ends, and may be extended a little late', async ({ page, visit, say, signInAs, world }) => {
  const admin = 'admin@kunde-30.test';
  await world.kontor.down();
  await world.kontor.up('+8d');
  await world.mail.waitFor(admin, TRIAL, 30_000);
  await world.kontor.down('SIGKILL');
  await world.kontor.up('+12d');
  await signInAs(PARTNER);
  const [, org] = /\/store\/(org_\w+)/.exec(page.url()) ?? [];
  const list = `/admin/${org}/partner/customers?q=${encodeURIComponent(TRIAL)}`;
  const card = page.getByRole('article', { name: TRIAL, exact: true });
  await world.mail.waitFor(admin, new RegExp(`${TRIAL}.*(has ended|beendet)`), 30_000);
  await visit(list);
  await expect(card.getByText(say('Free'), { exact: true }).or(card.getByText(say('Expired'), { exact: true })).first()).toBeVisible();
  await card.getByRole('button', { name: say('Extend trial'), exact: true }).click();
  await expect(card.getByText(say('Trial'), { exact: true }).first()).toBeVisible();
});
