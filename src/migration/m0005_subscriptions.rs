//! Mappings, subscriptions and trials.

super::step!(
    "m0005_subscriptions",
    "
CREATE TABLE mapping (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL REFERENCES organisation (id),
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    service text NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    since bigint NOT NULL,
    ended_at bigint,
    ended_why text
);
CREATE UNIQUE INDEX mapping_active ON mapping (org_id, service) WHERE status = 'active';
CREATE INDEX mapping_partner ON mapping (partner_id, status, org_id);
CREATE TABLE subscription (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    service text NOT NULL,
    plan text NOT NULL,
    status text NOT NULL,
    term text NOT NULL,
    seats bigint NOT NULL,
    intended_plan text,
    intended_seats bigint,
    intended_term text,
    trial_started integer,
    ends_on integer,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (org_id, service)
);
CREATE INDEX subscription_end ON subscription (status, ends_on, id);
CREATE TABLE trial_extension (
    id {uuid} PRIMARY KEY,
    subscription_id {uuid} NOT NULL REFERENCES subscription (id),
    request_key text {c} NOT NULL,
    by_label text NOT NULL,
    at bigint NOT NULL,
    from_day integer NOT NULL,
    until_day integer NOT NULL,
    UNIQUE (subscription_id, request_key)
);
CREATE TABLE trial_use (
    domain text {c} NOT NULL,
    service text NOT NULL,
    org_id {uuid} NOT NULL,
    started integer NOT NULL,
    PRIMARY KEY (domain, service, org_id)
)
",
    "
DROP TABLE trial_use;
DROP TABLE trial_extension;
DROP TABLE subscription;
DROP TABLE mapping
"
);
