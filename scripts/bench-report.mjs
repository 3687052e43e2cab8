// bench-report.mjs FOLDER: puts what bench.sh measured together and holds it against the budgets.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const read = (name) => {
  const file = join(folder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};
const round = (n, digits = 2) => (Number.isFinite(n) ? Number(n.toFixed(digits)) : undefined);
const both = (f) => ({ sqlite: f('sqlite'), postgres: f('postgres') });

const lists = both((kind) => read(`${kind}-big.json`));
const small = both((kind) => read(`${kind}-small.json`));
const score = (page) => {
  const value = read(`lighthouse-${page}.json`)?.categories?.performance?.score;
  return typeof value === 'number' ? Math.round(value * 100) : undefined;
};

const report = {
  console_vs_raw: both((kind) => round(read(`${kind}-console.json`)?.rps / read(`${kind}-raw.json`)?.rps)),
  console_rps: read('postgres-console.json')?.rps,
  console_p99_ms: both((kind) => read(`${kind}-paced.json`)?.p99_ms),
  deep_page_ratio: both((kind) => round(lists[kind]?.deep_page_ms / lists[kind]?.first_page_ms)),
  growth_ratio: both((kind) => round(lists[kind]?.first_page_ms / small[kind]?.first_page_ms)),
  search_p99_ms: both((kind) => round(lists[kind]?.search_p99_ms)),
  first_load_kb: { apply: read('weigh-apply.json')?.kb, console: read('weigh-console.json')?.kb },
  lighthouse_mobile: { apply: score('apply'), console: score('console') },
  idle_rss_mb: round(Number(process.env.RSS_KB) / 1024, 1),
  start_ms: Number(process.env.START_MS),
  write_p99_ms: both((kind) => {
    const write = read(`${kind}-write.json`);
    return write && Math.max(write.extend_trial.p99_ms, write.add_customer.p99_ms);
  }),
  dashboard_p99_ms: both((kind) => round(read(`${kind}-dashboard.json`)?.p99_ms, 1)),
  statement_ms: both((kind) => round(read(`${kind}-money.json`)?.statement_p99_ms, 1)),
  close_s: both((kind) => read(`${kind}-close.json`)?.seconds),
  renewals_per_s: both((kind) => read(`${kind}-renew.json`)?.per_second),
  permission_check_p99_ms: both((kind) => round(read(`${kind}-access.json`)?.check_p99_ms)),
  audit_append_p99_ms: both((kind) => round(read(`${kind}-audit.json`)?.append_p99_ms)),
  audit_verify_million_s: both((kind) => round(read(`${kind}-audit.json`)?.verify_million_s)),
};

// Key, whether a value keeps the budget, the budget in words. The worst value of a key decides.
const budgets = [
  ['console_vs_raw', (v) => v >= 0.5, '≥ 0.50'],
  ['console_rps', (v) => v >= 3000, '≥ 3,000'],
  ['console_p99_ms', (v) => v <= 25, '≤ 25'],
  ['deep_page_ratio', (v) => v <= 1.2, '≤ 1.2'],
  ['growth_ratio', (v) => v <= 1.3, '≤ 1.3'],
  ['search_p99_ms', (v) => v <= 50, '≤ 50'],
  ['first_load_kb', (v) => v <= 350, '≤ 350'],
  ['lighthouse_mobile', (v) => v >= 95, '≥ 95'],
  ['idle_rss_mb', (v) => v <= 60, '≤ 60'],
  ['start_ms', (v) => v <= 1000, '≤ 1,000'],
  ['write_p99_ms', (v) => v <= 50, '≤ 50'],
  ['dashboard_p99_ms', (v) => v <= 100, '≤ 100'],
  ['statement_ms', (v) => v <= 200, '≤ 200'],
  ['close_s', (v) => v <= 60, '≤ 60'],
  ['renewals_per_s', (v) => v >= 500, '≥ 500'],
  ['permission_check_p99_ms', (v) => v <= 1, '≤ 1'],
  ['audit_append_p99_ms', (v) => v <= 5, '≤ 5'],
  ['audit_verify_million_s', (v) => v <= 10, '≤ 10'],
];
console.log('\n| key | measured | budget | |\n|---|---|---|---|');
for (const [key, kept, budget] of budgets) {
  const value = report[key];
  const values = typeof value === 'object' ? Object.entries(value) : [['', value]];
  const shown = values.map(([name, v]) => `${name} ${v ?? 'not measured'}`.trim()).join(', ');
  const ok = values.every(([, v]) => v !== undefined && kept(v));
  console.log(`| \`${key}\` | ${shown} | ${budget} | ${ok ? 'kept' : 'missed'} |`);
}
writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
console.log(`\n${join(folder, 'report.json')}`);
