//! How customers that are there already come to a partner, and how a partner lets one go (domain.md section 4): requests,
//! partner codes, customers' tokens, notice.

super::step!(
    "m0082_consent",
    "
ALTER TABLE mapping ADD COLUMN notice_until bigint;
CREATE TABLE mapping_request (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    service text NOT NULL,
    email text NOT NULL,
    email_key text {c} NOT NULL,
    note text NOT NULL,
    status text NOT NULL,
    asked_by text NOT NULL,
    asked_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    org_id {uuid},
    delivered_at bigint,
    reminded integer NOT NULL,
    decided_at bigint,
    decided_by text,
    request_key text NOT NULL,
    UNIQUE (partner_id, request_key)
);
CREATE UNIQUE INDEX mapping_request_asked ON mapping_request (partner_id, email_key, service) WHERE status = 'open';
CREATE UNIQUE INDEX mapping_request_delivered ON mapping_request (org_id, service) WHERE status = 'open';
CREATE INDEX mapping_request_of ON mapping_request (partner_id, id);
CREATE INDEX mapping_request_answered ON mapping_request (org_id, partner_id, decided_at) WHERE org_id IS NOT NULL;
CREATE TABLE partner_code (
    partner_id {uuid} PRIMARY KEY,
    code text {c} NOT NULL UNIQUE,
    changed_at bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE code_guess (
    id {uuid} PRIMARY KEY,
    account_id {uuid} NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX code_guess_of ON code_guess (account_id, at);
CREATE TABLE mapping_token (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    service text NOT NULL,
    token_hash text {c} NOT NULL UNIQUE,
    access boolean NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    used_by {uuid},
    withdrawn_at bigint
);
CREATE INDEX mapping_token_of ON mapping_token (org_id, id)
",
    "
DROP TABLE mapping_token;
DROP TABLE code_guess;
DROP TABLE partner_code;
DROP TABLE mapping_request;
ALTER TABLE mapping DROP COLUMN notice_until
"
);
