//! Changes of many subscriptions at once.

super::step!(
    "m0074_bulk",
    "
CREATE TABLE bulk_run (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    operation text NOT NULL,
    seats bigint NOT NULL,
    status text NOT NULL,
    total bigint NOT NULL,
    request_key text {c} NOT NULL,
    account_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    by_label text NOT NULL,
    ip text NOT NULL,
    created_at bigint NOT NULL,
    tried_at bigint,
    started_at bigint,
    done_at bigint,
    version bigint NOT NULL,
    UNIQUE (partner_id, request_key)
);
CREATE INDEX bulk_run_partner ON bulk_run (partner_id, id);
CREATE TABLE bulk_row (
    run_id {uuid} NOT NULL REFERENCES bulk_run (id),
    position bigint NOT NULL,
    org_id {uuid} NOT NULL,
    name text NOT NULL,
    state text {c} NOT NULL,
    seen_version bigint NOT NULL,
    seats_before bigint,
    seats_after bigint,
    effective_on integer,
    amount bigint,
    currency text {c},
    problem text,
    change_id {uuid},
    PRIMARY KEY (run_id, position),
    UNIQUE (run_id, org_id)
);
CREATE INDEX bulk_row_state ON bulk_row (run_id, state, position);
CREATE INDEX bulk_row_sum ON bulk_row (run_id, state, currency, amount)
",
    "
DROP TABLE bulk_row;
DROP TABLE bulk_run
"
);
