//! Organisations, their people, partners, domains, and the audit trail.

super::step!(
    "m0003_organisations",
    "
CREATE TABLE organisation (
    id {uuid} PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    country text NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE member (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    account_id {uuid} NOT NULL REFERENCES account (id),
    role text NOT NULL,
    status text NOT NULL,
    sort_key text {c} NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (org_id, account_id)
);
CREATE INDEX member_account ON member (account_id, org_id);
CREATE INDEX member_sort ON member (org_id, sort_key, id);
CREATE TABLE partner (
    org_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    application_id {uuid} UNIQUE,
    partner_type text NOT NULL,
    status text NOT NULL,
    tier text NOT NULL,
    rate_bp bigint NOT NULL,
    currency text NOT NULL,
    manager_id {uuid},
    company_domain text {c} NOT NULL,
    sort_key text {c} NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX partner_domain ON partner (company_domain);
CREATE INDEX partner_sort ON partner (sort_key, org_id);
CREATE TABLE domain (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    name text {c} NOT NULL,
    verified_name text {c} UNIQUE,
    is_primary boolean NOT NULL,
    status text NOT NULL,
    token text NOT NULL,
    method text,
    verified_at bigint,
    checked_at bigint,
    check_stage integer NOT NULL,
    last_check text,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (org_id, name)
);
CREATE INDEX domain_name ON domain (name);
CREATE TABLE audit_event (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    actor_id {uuid},
    acting_for {uuid},
    action text NOT NULL,
    target text NOT NULL,
    detail text NOT NULL,
    ip text NOT NULL,
    salt text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    UNIQUE (org_id, seq)
);
CREATE INDEX audit_event_acting ON audit_event (org_id, acting_for, seq);
CREATE TABLE audit_head (
    org_id {uuid} PRIMARY KEY,
    seq bigint NOT NULL,
    hash text NOT NULL
)
",
    "
DROP TABLE audit_head;
DROP TABLE audit_event;
DROP TABLE domain;
DROP TABLE partner;
DROP TABLE member;
DROP TABLE organisation
"
);
