//! How freely a partner's customer changes its subscription (domain.md section 7, "Who may change what").

super::step!(
    "m0091_change_modes",
    "
CREATE TABLE change_rule (
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    partner_id {uuid} NOT NULL REFERENCES organisation (id),
    mode text NOT NULL,
    seats bigint NOT NULL,
    PRIMARY KEY (org_id, partner_id)
)
",
    "
DROP TABLE change_rule
"
);
