// What every test of money does: reads amounts, buys, looks at papers.
import { type APIResponse, expect, type Page } from '@playwright/test';
import type { Client } from './client.ts';

/** The organisation whose store or console an address is of. */
export function orgOf(page: Page): string {
  return /\/(?:store|admin)\/(org_\w+)/.exec(page.url())?.[1] ?? '';
}

/** Blanks that do not break are blanks to a reader. */
export const plain = (text: string) => text.replace(/\s/g, ' ').trim();

/** The cards an organisation has. */
export const cardsOf = (page: Page) =>
  page.getByRole('listitem').filter({ has: page.locator('form[action="/api/admin/remove_card"]') });

/** The preview of a wish, with the button that books it; `call` is what the button calls. */
export const previewOf = (page: Page, call = '/api/store/confirm_change') =>
  page.locator('section.card').filter({ has: page.locator(`form[action="${call}"]`) });

/** The total a preview names. */
export const totalOf = async (page: Page, call?: string) =>
  plain(await previewOf(page, call).locator('tfoot tr:last-child td').first().innerText());

/** What is over and done in a subscription. */
export const historyOf = (page: Page) => page.locator('section.card').filter({ has: page.locator('#history-heading') });

/** The total the sheet of an invoice names. */
export const sheetTotal = async (page: Page) => plain(await page.locator('article.invoice .invoice-total td').innerText());

/** Fails unless an answer is the PDF of a paper. */
export async function expectPdf(answer: APIResponse, number: string): Promise<void> {
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toBe('application/pdf');
  expect(answer.headers()['content-disposition']).toBe(`attachment; filename="${number}.pdf"`);
  expect((await answer.body()).subarray(0, 4).toString('latin1')).toBe('%PDF');
}

/** Fills in to whom invoices are made out, on `/admin/{org}/billing`, and saves it. */
export async function saveBilling(page: Page, name: string): Promise<void> {
  const form = page.locator('form[action="/api/admin/save_billing"]');
  const values = { billing_name: name, billing_email: 'buchhaltung@example.net', street: 'Hauptstraße 1', postal_code: '20095', city: 'Hamburg' };
  for (const [field, value] of Object.entries(values)) await form.locator(`[name=${field}]`).fill(value);
  await form.locator('[name=country]').selectOption('DE');
  await form.locator('button[type=submit]').click();
  await expect(page.locator('.notice')).toBeVisible();
}

/** A wish as the form of its preview sends it: exactly what was shown is booked. */
export type Form = Record<string, string>;

interface Desk {
  wish: [unknown, { Ok?: { version: number; request_key: string; quote: { total: number } | null }; Err?: unknown }] | null;
  account: { status: string; version: number; history: { kind: string; status: string }[]; open: { id: string; status: string; version: number }[] };
}

/** A customer's subscription, as its partner's page knows it; with what a wish would cost. */
export function desk(client: Client, customer: string, wish: Form = {}): Promise<Desk> {
  const asked = Object.entries(wish).map(([name, value]) => [`wish[${name}]`, value]);
  return client.ask<Desk>('store/subscription', { org: client.org, customer, ...Object.fromEntries(asked) });
}

/** The form that the preview of a wish sends. */
export async function previewed(client: Client, customer: string, wish: Form): Promise<Form> {
  const seen = (await desk(client, customer, wish)).wish?.[1];
  if (!seen?.Ok) throw new Error(`this cannot be wished: ${JSON.stringify(seen?.Err)}`);
  const { version, request_key, quote } = seen.Ok;
  return { org: client.org, customer, ...wish, total: `${quote?.total ?? 0}`, version: `${version}`, request_key };
}

interface Payment {
  id: string;
  status: string;
  amount: { minor: number };
  refunded: number;
  invoice: [string, string] | null;
}

/** What was tried to be paid for a customer, newest first, as finance sees it. */
export async function paymentsOf(finance: Client, customer: string): Promise<Payment[]> {
  const page = await finance.ask<{ rows: Payment[] }>('vendor/payments', { 'query[customer]': customer });
  return page.rows;
}

/** The customer of a partner that a search finds. */
export async function customerOf(client: Client, search: string): Promise<string> {
  const { cards } = await client.ask<{ cards: { org: string }[] }>('admin/customers', { org: client.org, query: `q=${search}` });
  const [card] = cards;
  if (!card) throw new Error(`nobody is found by ${search}`);
  return card.org;
}

/** The id of an organisation's card by what the demo's provider does with it; it is added if it is not there. */
export async function cardOf(client: Client, script: string, last4: string): Promise<string> {
  const answer = await client.post('admin/keep_card', { org: client.org, setup: script });
  expect([200, 302]).toContain(answer.status);
  const { methods } = await client.ask<{ methods: { id: string; last4: string }[] }>('admin/cards', { org: client.org });
  return methods.find((method) => method.last4 === last4)?.id ?? '';
}
