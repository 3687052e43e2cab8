//! An organisation's logo (domain.md section 6, the console's sections).

super::step!(
    "m0092_logo",
    "
CREATE TABLE organisation_logo (
    org_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    media_type text NOT NULL,
    digest text NOT NULL,
    content {bytes} NOT NULL
)
",
    "
DROP TABLE organisation_logo
"
);
