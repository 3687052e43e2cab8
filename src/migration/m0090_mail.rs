//! One primary domain an organisation; the mail flow of a domain (domain.md section 5, R5.7): its key for DKIM and what
//! was last found in the DNS; and an organisation's settings of mail.

super::step!(
    "m0090_mail",
    "
UPDATE domain SET is_primary = false WHERE is_primary AND EXISTS (
    SELECT 1 FROM domain AS other WHERE other.org_id = domain.org_id AND other.is_primary AND other.id < domain.id
);
CREATE UNIQUE INDEX domain_one_primary ON domain (org_id) WHERE is_primary;
CREATE TABLE domain_mail (
    domain_id {uuid} PRIMARY KEY REFERENCES domain (id) ON DELETE CASCADE,
    org_id {uuid} NOT NULL,
    key_no bigint NOT NULL,
    selector text NOT NULL,
    public_key text NOT NULL,
    private_key {bytes} NOT NULL,
    key_at bigint NOT NULL,
    key_seen boolean NOT NULL,
    old_selector text,
    old_public_key text,
    old_private_key {bytes},
    lamps text NOT NULL,
    looked_at bigint,
    next_look_at bigint,
    version bigint NOT NULL
);
CREATE INDEX domain_mail_of ON domain_mail (org_id);
CREATE TABLE mail_setting (
    org_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    catch_all_id {uuid},
    forwarding boolean NOT NULL,
    outside_notice boolean NOT NULL,
    attachment_mb bigint NOT NULL,
    footer text NOT NULL,
    keep_days bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL
)
",
    "
DROP TABLE mail_setting;
DROP TABLE domain_mail;
DROP INDEX domain_one_primary
"
);
