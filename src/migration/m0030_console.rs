//! Requests that must have their effect once, and where to reach a super admin whose mailbox does not work yet.

super::step!(
    "m0030_console",
    "
CREATE TABLE request_once (
    org_id {uuid} NOT NULL,
    request_key text {c} NOT NULL,
    result {uuid} NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (org_id, request_key)
);
CREATE TABLE organisation_contact (
    org_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    email text NOT NULL
)
",
    "
DROP TABLE organisation_contact;
DROP TABLE request_once
"
);
