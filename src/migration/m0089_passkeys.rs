//! Passkeys (domain.md section 13): those of an account, questions under way, and by which one a session was last shown.

super::step!(
    "m0089_passkeys",
    "
CREATE TABLE passkey (
    id {uuid} PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_id text {c} NOT NULL,
    name text NOT NULL,
    content text NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);
CREATE INDEX passkey_account ON passkey (account_id, id);
CREATE TABLE passkey_question (
    token_hash text {c} PRIMARY KEY,
    purpose text NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    content text NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX passkey_question_over ON passkey_question (expires_at);
ALTER TABLE account ADD COLUMN passkeys bigint NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN passkey_id {uuid};
CREATE INDEX session_passkey ON session (account_id, passkey_id)
",
    "
DROP INDEX session_passkey;
ALTER TABLE session DROP COLUMN passkey_id;
ALTER TABLE account DROP COLUMN passkeys;
DROP TABLE passkey_question;
DROP TABLE passkey
"
);
