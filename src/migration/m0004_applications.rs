//! Applications and what is said about them.

super::step!(
    "m0004_applications",
    "
CREATE TABLE application (
    id {uuid} PRIMARY KEY,
    status_hash text {c} NOT NULL UNIQUE,
    account_id {uuid} NOT NULL REFERENCES account (id),
    status text NOT NULL,
    email text NOT NULL,
    email_key text {c} NOT NULL,
    company_domain text {c} NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    phone text NOT NULL,
    job_title text,
    company_name text NOT NULL,
    website text NOT NULL,
    vat_id text,
    employees text NOT NULL,
    founded integer,
    street text NOT NULL,
    street2 text,
    postal_code text NOT NULL,
    city text NOT NULL,
    state text,
    country text NOT NULL,
    expertise text NOT NULL,
    partner_type text NOT NULL,
    experience text NOT NULL,
    plans text NOT NULL,
    expected_customers integer,
    other_vendors text,
    terms_version text NOT NULL,
    terms_at bigint NOT NULL,
    ip text NOT NULL,
    locale text NOT NULL,
    search_text text {c} NOT NULL,
    created_at bigint NOT NULL,
    submitted_at bigint,
    due_at bigint,
    assigned_to {uuid},
    decided_by {uuid},
    decided_at bigint,
    reject_reason text,
    reject_note text,
    reapply_on integer,
    org_id {uuid},
    version bigint NOT NULL
);
CREATE INDEX application_email ON application (email_key);
CREATE INDEX application_domain ON application (company_domain);
CREATE INDEX application_queue ON application (status, due_at, id);
CREATE INDEX application_account ON application (account_id);
CREATE TABLE application_message (
    id {uuid} PRIMARY KEY,
    application_id {uuid} NOT NULL REFERENCES application (id),
    kind text NOT NULL,
    author_id {uuid},
    author text NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX application_message_thread ON application_message (application_id, at, id)
",
    "
DROP TABLE application_message;
DROP TABLE application
"
);
