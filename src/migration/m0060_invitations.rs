//! The name under which somebody was asked into an organisation.

super::step!(
    "m0060_invitations",
    "
CREATE TABLE invitation (
    member_id {uuid} PRIMARY KEY REFERENCES member (id),
    name text NOT NULL
)
",
    "
DROP TABLE invitation
"
);
