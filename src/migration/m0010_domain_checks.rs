//! When a domain is looked at again, and the manual checks of the last minute.

super::step!(
    "m0010_domain_checks",
    "
ALTER TABLE domain DROP COLUMN check_stage;
ALTER TABLE domain ADD COLUMN pending_since bigint;
ALTER TABLE domain ADD COLUMN next_check_at bigint;
ALTER TABLE domain ADD COLUMN lost_at bigint;
CREATE TABLE domain_try (
    domain_id {uuid} NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    account_id {uuid} NOT NULL,
    recent text NOT NULL,
    PRIMARY KEY (domain_id, account_id)
)
",
    "
DROP TABLE domain_try;
ALTER TABLE domain DROP COLUMN lost_at;
ALTER TABLE domain DROP COLUMN next_check_at;
ALTER TABLE domain DROP COLUMN pending_since;
ALTER TABLE domain ADD COLUMN check_stage integer NOT NULL DEFAULT 0
"
);
