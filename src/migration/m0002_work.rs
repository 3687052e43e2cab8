//! Jobs, mails, settings.

super::step!(
    "m0002_work",
    "
CREATE TABLE job (
    id {uuid} PRIMARY KEY,
    kind text NOT NULL,
    unique_key text {c} UNIQUE,
    payload text NOT NULL,
    status text NOT NULL,
    due_at bigint NOT NULL,
    lease_until bigint,
    attempts integer NOT NULL,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint
);
CREATE INDEX job_due ON job (status, due_at, id);
CREATE TABLE mail (
    id {uuid} PRIMARY KEY,
    recipient text NOT NULL,
    locale text NOT NULL,
    template text NOT NULL,
    content {bytes},
    status text NOT NULL,
    created_at bigint NOT NULL,
    sent_at bigint
);
CREATE INDEX mail_status ON mail (status, id);
CREATE TABLE setting (
    key text {c} PRIMARY KEY,
    value text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL
)
",
    "
DROP TABLE setting;
DROP TABLE mail;
DROP TABLE job
"
);
