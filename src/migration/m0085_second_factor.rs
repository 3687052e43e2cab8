//! Whether an organisation asks a second factor of everybody (domain.md section 6, one of the ten acts that stay with the customer).

super::step!(
    "m0085_second_factor",
    "
ALTER TABLE organisation ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false
",
    "
ALTER TABLE organisation DROP COLUMN second_factor_required
"
);
