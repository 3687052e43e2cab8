// Money at two nodes on one PostgreSQL: whatever is asked of both at once is charged, given back, booked, paid out and
// renewed once.
import { Client } from '../world/client.ts';
import { Hooks } from '../world/hooks.ts';
import { cardOf, customerOf, desk, paymentsOf, previewed } from '../world/money.ts';
import { run } from '../world/process.ts';
import { expect, test } from '../world/test.ts';
import { startWorld } from '../world/world.ts';

/** How the demo's cards end. */
const PAYS = '0001';
const LATE = '0008';

test('two nodes move every amount once', async () => {
  test.setTimeout(240_000);
  const hooks = await Hooks.open();
  const world = await startWorld('postgres', { KONTOR_PUBLIC_URL: hooks.url, KONTOR_LOG: 'info,hyper=warn,sqlx=warn' });
  const second = world.kontor.node();
  const sql = (query: string) => run('psql', [world.database, '-Atc', query]).then((text) => text.trim());
  try {
    await second.up();
    hooks.nodes = [world.url, second.url];
    let here = await Client.signedIn(world.url, 'owner@alpen.test');
    let there = here.at(second.url);
    let finance = await Client.signedIn(world.url, 'finance@vendor.test');
    /** The same call with the same fields at both nodes, twice each, all at once. */
    const everywhere = (of: Client, call: string, fields: Record<string, string>) =>
      Promise.all([of, of.at(second.url), of, of.at(second.url)].map((client) => client.post(call, fields)));
    const customer = await customerOf(here, 'kunde-30.test');

    await test.step('a purchase is charged once', async () => {
      const method = await cardOf(here, 'approve', PAYS);
      const form = await previewed(here, customer, { plan: 'standard', seats: '12', term: 'yearly', payer: 'partner', when: 'now', method });
      for (const answer of await everywhere(here, 'store/confirm_change', form)) expect([200, 302]).toContain(answer.status);
      const paid = await paymentsOf(finance, customer);
      expect(paid.map((payment) => [payment.status, `${payment.amount.minor}`])).toEqual([['succeeded', form.total]]);
      expect((await desk(there, customer)).account.history.map((change) => change.status)).toEqual(['applied']);
    });

    await test.step('a refund goes out once, and two that are too much together do not both', async () => {
      const [payment] = await paymentsOf(finance, customer);
      if (!payment) throw new Error('there is no payment');
      const refund = { payment: payment.id, kind: 'partial', reason: 'goodwill', amount: '10' };
      const answers = await everywhere(finance, 'vendor/refund_payment', { ...refund, request_key: 'one-refund' });
      for (const answer of answers) expect([200, 302]).toContain(answer.status);
      expect((await paymentsOf(finance, customer))[0]?.refunded).toBe(1000);
      const most = `${Math.floor((payment.amount.minor - 1000) * 0.6) / 100}`;
      const both = await Promise.all(
        ['first', 'other'].map((key, n) =>
          finance.at(n === 0 ? world.url : second.url).post('vendor/refund_payment', { ...refund, amount: most, request_key: `the-${key}-one` }),
        ),
      );
      expect(both.filter((answer) => answer.status < 400)).toHaveLength(1);
      expect(both.filter((answer) => answer.status >= 400 && answer.status < 500)).toHaveLength(1);
    });

    await test.step('what the provider tells both nodes is booked once', async () => {
      const method = await cardOf(here, 'late_webhook', LATE);
      const form = await previewed(here, customer, { plan: 'standard', seats: '15', term: 'yearly', when: 'now', method });
      const before = hooks.letters;
      for (const answer of await everywhere(here, 'store/confirm_change', form)) expect([200, 302]).toContain(answer.status);
      await expect
        .poll(async () => (await paymentsOf(finance, customer)).map((payment) => payment.status), { timeout: 30_000 })
        .toEqual(['succeeded', 'succeeded']);
      expect(hooks.letters).toBeGreaterThan(before);
      const ours = `select p.id from payment p join subscription_change c on c.org_id = p.org_id where c.request_key = '${form.request_key}'`;
      expect(await sql(`select count(*) from ledger_transaction where kind = 'payment' and cause_id in (${ours})`)).toBe('2');
    });

    await test.step('a payout is requested once', async () => {
      const account = { org: here.org, holder: 'Alpen Systems GmbH', iban: 'DE89370400440532013000', bic: '', bank: '' };
      expect([200, 302]).toContain((await here.post('store/set_payout_account', account)).status);
      await Promise.all([world.kontor.down(), second.down()]);
      await Promise.all([world.kontor.up('+4d'), second.up('+4d')]);
      type Payouts = { offers: { balance: { entity: string; currency: string; available: number }; obstacles: unknown[] }[]; page: { rows: { amount: { minor: number } }[] }; request_key: string };
      const seen = await here.ask<Payouts>('store/payouts', { org: here.org });
      const [offer] = seen.offers.filter((found) => found.obstacles.length === 0);
      if (!offer) throw new Error(`nothing can be requested: ${JSON.stringify(seen.offers)}`);
      const form = { org: here.org, entity: offer.balance.entity, currency: offer.balance.currency };
      const one = await everywhere(here, 'store/request_payout', { ...form, request_key: 'the-same-payout' });
      const other = await there.post('store/request_payout', { ...form, request_key: 'another-payout' });
      for (const answer of one) expect([200, 302]).toContain(answer.status);
      expect(other.status).toBeGreaterThanOrEqual(400);
      const { page } = await there.ask<Payouts>('store/payouts', { org: here.org });
      expect(page.rows).toHaveLength(1);
    });

    await test.step('what ends is renewed once, and paid once', async () => {
      await Promise.all([world.kontor.down('SIGKILL'), second.down('SIGKILL')]);
      const ended = await sql("select count(*) from subscription where status = 'active' and term = 'monthly'");
      expect(Number(ended)).toBeGreaterThan(2);
      // Jobs that the dead held are anybody's again after five minutes.
      await Promise.all([world.kontor.up('+40d'), second.up('+40d')]);
      const waiting = "select count(*) from subscription where status = 'active' and ends_on < (now()::date + 40) - date '1970-01-01'";
      await expect.poll(() => sql(waiting), { timeout: 60_000 }).toBe('0');
      const open = "select count(*) from payment where status = 'created' and provider <> 'manual'";
      await expect.poll(() => sql(open), { timeout: 60_000 }).toBe('0');
      // A term begins once for each subscription, with one invoice, which is paid once.
      const terms = "select subscription_id, effective_on from subscription_change where kind = 'renewal' group by 1, 2 having count(*) > 1";
      expect(await sql(terms)).toBe('');
      const twice = "select invoice_id from payment where status in ('succeeded') and invoice_id is not null group by 1 having count(*) > 1";
      expect(await sql(twice)).toBe('');
      const changed = "select subscription_id from subscription_change where kind = 'renewal' and invoice_id is not null";
      const billed = `select count(*) - count(distinct invoice_id) from subscription_change where invoice_id is not null and subscription_id in (${changed})`;
      expect(await sql(billed)).toBe('0');
      here = await Client.signedIn(world.url, 'owner@alpen.test');
      there = here.at(second.url);
      finance = await Client.signedIn(second.url, 'finance@vendor.test');
      expect((await desk(there, customer)).account.status).toBe('active');
    });

    expect(await world.kontor.cli('ledger', 'verify')).toContain('true');
    expect(await world.kontor.cli('counters', 'verify')).toContain('counters are true');
    for (const node of [world.kontor, second]) expect(node.log).not.toContain('panicked at');
  } finally {
    await second.down();
    await world.stop();
    await hooks.close();
  }
});
