//! What is sold, at what price, by which of the vendor's entities, and to whom it is billed.

super::step!(
    "m0070_catalogue",
    "
CREATE TABLE billing_entity (
    key text {c} PRIMARY KEY,
    name text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    vat_id text NOT NULL,
    email text NOT NULL,
    currency text NOT NULL,
    iban text NOT NULL,
    bic text NOT NULL,
    tax_bp bigint NOT NULL,
    countries text NOT NULL,
    position integer NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE plan_offer (
    plan text {c} NOT NULL,
    valid_from integer NOT NULL,
    users_max bigint,
    storage_gb bigint NOT NULL,
    domains_max bigint NOT NULL,
    on_sale boolean NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (plan, valid_from)
);
CREATE TABLE price (
    id {uuid} PRIMARY KEY,
    item text {c} NOT NULL,
    term text {c} NOT NULL,
    currency text {c} NOT NULL,
    valid_from integer NOT NULL,
    amount bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    UNIQUE (currency, item, term, valid_from)
);
CREATE TABLE billing_profile (
    org_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    name text NOT NULL,
    street text NOT NULL,
    street2 text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    country text NOT NULL,
    vat_id text NOT NULL,
    email text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE subscription ADD COLUMN payer text;
ALTER TABLE subscription ADD COLUMN entity text;
ALTER TABLE subscription ADD COLUMN currency text;
ALTER TABLE subscription ADD COLUMN unit_price bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN addon_units bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN addon_price bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN term_started integer;
ALTER TABLE subscription ADD COLUMN term_days integer;
ALTER TABLE subscription ADD COLUMN anchor_day integer;
ALTER TABLE subscription ADD COLUMN carry bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN auto_renew boolean NOT NULL DEFAULT TRUE;
ALTER TABLE subscription ADD COLUMN method_id {uuid};
ALTER TABLE subscription ADD COLUMN first_paid_on integer;
ALTER TABLE subscription ADD COLUMN past_due_since integer;
ALTER TABLE mapping ADD COLUMN baseline_plan text;
ALTER TABLE mapping ADD COLUMN baseline_seats bigint NOT NULL DEFAULT 0;
ALTER TABLE mapping ADD COLUMN baseline_addon_units bigint NOT NULL DEFAULT 0;
CREATE TABLE subscription_change (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    subscription_id {uuid} NOT NULL REFERENCES subscription (id),
    partner_id {uuid},
    kind text NOT NULL,
    status text {c} NOT NULL,
    content text NOT NULL,
    effective_on integer NOT NULL,
    list_amount bigint NOT NULL,
    discount bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    currency text NOT NULL,
    payer text NOT NULL,
    payment_id {uuid},
    invoice_id {uuid},
    replaces {uuid},
    request_key text {c} NOT NULL,
    by_side text NOT NULL,
    by_label text NOT NULL,
    reason text NOT NULL,
    created_at bigint NOT NULL,
    decided_at bigint,
    expires_at bigint,
    version bigint NOT NULL,
    UNIQUE (org_id, request_key)
);
CREATE INDEX subscription_change_of ON subscription_change (subscription_id, id);
CREATE INDEX subscription_change_open ON subscription_change (subscription_id, status, effective_on, id)
    WHERE status IN ('proposed', 'charging', 'scheduled');
CREATE INDEX subscription_change_expiry ON subscription_change (status, expires_at)
    WHERE status = 'proposed';
CREATE UNIQUE INDEX subscription_change_charging ON subscription_change (subscription_id)
    WHERE status = 'charging'
",
    "
DROP TABLE subscription_change;
ALTER TABLE mapping DROP COLUMN baseline_addon_units;
ALTER TABLE mapping DROP COLUMN baseline_seats;
ALTER TABLE mapping DROP COLUMN baseline_plan;
ALTER TABLE subscription DROP COLUMN past_due_since;
ALTER TABLE subscription DROP COLUMN first_paid_on;
ALTER TABLE subscription DROP COLUMN method_id;
ALTER TABLE subscription DROP COLUMN auto_renew;
ALTER TABLE subscription DROP COLUMN carry;
ALTER TABLE subscription DROP COLUMN anchor_day;
ALTER TABLE subscription DROP COLUMN term_days;
ALTER TABLE subscription DROP COLUMN term_started;
ALTER TABLE subscription DROP COLUMN addon_price;
ALTER TABLE subscription DROP COLUMN addon_units;
ALTER TABLE subscription DROP COLUMN unit_price;
ALTER TABLE subscription DROP COLUMN currency;
ALTER TABLE subscription DROP COLUMN entity;
ALTER TABLE subscription DROP COLUMN payer;
DROP TABLE billing_profile;
DROP TABLE price;
DROP TABLE plan_offer;
DROP TABLE billing_entity
"
);
