//! Single sign-on (domain.md section 13): identity providers, whom they know, sign-ins under way, and through which
//! provider a session was opened.

super::step!(
    "m0087_identity",
    "
CREATE TABLE identity_provider (
    id {uuid} PRIMARY KEY,
    org_id {uuid} REFERENCES organisation (id),
    name text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    client_secret {bytes},
    scopes text NOT NULL,
    active boolean NOT NULL,
    required boolean NOT NULL,
    creates_people boolean NOT NULL,
    default_role text,
    role_claim text NOT NULL,
    role_map text NOT NULL,
    trusts_factor boolean NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX identity_provider_of ON identity_provider (org_id, id);
CREATE TABLE identity_link (
    provider_id {uuid} NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id {uuid} NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    PRIMARY KEY (provider_id, issuer, subject)
);
CREATE INDEX identity_link_account ON identity_link (account_id, provider_id);
CREATE TABLE sign_in_try (
    state_hash text PRIMARY KEY,
    provider_id {uuid} NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    browser_hash text NOT NULL,
    next text NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX sign_in_try_over ON sign_in_try (expires_at);
CREATE TABLE logout_seen (
    provider_id {uuid} NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    token_hash text NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (provider_id, token_hash)
);
CREATE INDEX logout_seen_over ON logout_seen (expires_at);
ALTER TABLE session ADD COLUMN provider_id {uuid};
ALTER TABLE session ADD COLUMN provider_sid text;
ALTER TABLE session ADD COLUMN provider_factor boolean NOT NULL DEFAULT false;
CREATE INDEX session_provider ON session (provider_id, provider_sid)
",
    "
DROP INDEX session_provider;
ALTER TABLE session DROP COLUMN provider_factor;
ALTER TABLE session DROP COLUMN provider_sid;
ALTER TABLE session DROP COLUMN provider_id;
DROP TABLE logout_seen;
DROP TABLE sign_in_try;
DROP TABLE identity_link;
DROP TABLE identity_provider
"
);
