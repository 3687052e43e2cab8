//! Grants of delegated administration and the acting sessions under them.

super::step!(
    "m0006_delegation",
    "
CREATE TABLE access_grant (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    partner_id {uuid} NOT NULL REFERENCES organisation (id),
    capabilities text NOT NULL,
    granted_by text NOT NULL,
    status text NOT NULL,
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    ended_at bigint,
    ended_by text,
    version bigint NOT NULL
);
CREATE UNIQUE INDEX access_grant_active ON access_grant (org_id, partner_id) WHERE status = 'active';
CREATE INDEX access_grant_expiry ON access_grant (status, until_at, id);
CREATE TABLE acting_session (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    partner_id {uuid} NOT NULL,
    grant_id {uuid} NOT NULL REFERENCES access_grant (id),
    session_id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    email text NOT NULL,
    opened_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    closed_at bigint,
    closed_why text
);
CREATE INDEX acting_session_open ON acting_session (session_id, org_id, closed_at);
CREATE INDEX acting_session_org ON acting_session (org_id, opened_at, id)
",
    "
DROP TABLE acting_session;
DROP TABLE access_grant
"
);
