//! Whether the reader chose the account's language, or somebody else who set the account up.

super::step!(
    "m0050_chosen_language",
    "
ALTER TABLE account ADD COLUMN locale_chosen boolean NOT NULL DEFAULT false
",
    "
ALTER TABLE account DROP COLUMN locale_chosen
"
);
