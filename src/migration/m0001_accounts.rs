//! Accounts, sessions, secret links, kept form input.

super::step!(
    "m0001_accounts",
    "
CREATE TABLE account (
    id {uuid} PRIMARY KEY,
    email text NOT NULL,
    email_key text {c} NOT NULL UNIQUE,
    first_name text NOT NULL,
    last_name text NOT NULL,
    password_hash text,
    locale text NOT NULL,
    theme text NOT NULL,
    confirmed_at bigint,
    totp_secret {bytes},
    totp_on boolean NOT NULL,
    totp_last_step bigint NOT NULL,
    suspended boolean NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE recovery_code (
    account_id {uuid} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash text {c} NOT NULL,
    used_at bigint,
    PRIMARY KEY (account_id, code_hash)
);
CREATE TABLE session (
    id {uuid} PRIMARY KEY,
    token_hash text {c} NOT NULL UNIQUE,
    account_id {uuid} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    factor_pending boolean NOT NULL,
    fresh_at bigint NOT NULL,
    fresh_by_factor boolean NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL
);
CREATE INDEX session_account ON session (account_id, seen_at);
CREATE TABLE link (
    id {uuid} PRIMARY KEY,
    kind text NOT NULL,
    token_hash text {c} NOT NULL UNIQUE,
    account_id {uuid} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL,
    used_at bigint,
    created_at bigint NOT NULL
);
CREATE INDEX link_account ON link (account_id, kind);
CREATE TABLE form_state (
    id {uuid} PRIMARY KEY,
    token_hash text {c} NOT NULL UNIQUE,
    owner text {c} NOT NULL,
    form text NOT NULL,
    content text NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX form_state_owner ON form_state (owner, form);
CREATE INDEX form_state_expiry ON form_state (expires_at)
",
    "
DROP TABLE form_state;
DROP TABLE link;
DROP TABLE session;
DROP TABLE recovery_code;
DROP TABLE account
"
);
