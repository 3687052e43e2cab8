//! What can be done with organisations and their people: one file per use case.

mod activity;
mod actor;
mod add;
#[cfg(test)]
mod add_tests;
mod add_user;
mod change_user;
mod frame;
mod group;
mod import;
mod joined;
mod logo;
mod once;
#[cfg(test)]
mod people_tests;
mod person;
mod places;
#[cfg(test)]
mod plans_tests;
mod profile;
mod recipients;
mod staff;
#[cfg(test)]
pub(crate) mod stage;
mod users;

pub use activity::activity;
pub use actor::{actor_in, actor_in_vendor, actor_of_member};
pub use add::{add_organisation, check_step};
pub use add_user::add_user;
pub(crate) use add_user::{Newcomer, ask_in, take_seat};
pub(crate) use change_user::{not_the_last, set_suspended};
pub use change_user::{restore_user, suspend_user};
pub use frame::frame;
pub use group::{delete_group, edit_group, group, groups, join_group, leave_group, make_group};
pub use import::import_users;
pub use joined::joined;
pub use logo::{logo, remove_logo, set_logo};
pub use once::once;
pub use person::{
    add_alias, change_role, delete_user, factor_rule, give_licence, hand_over, person, remove_alias,
    require_second_factor, reset_password, take_licence,
};
pub use places::{accept_invitations, my_organisations};
pub use profile::{edit_profile, profile};
pub use recipients::{finance, last_word, last_words, last_words_of_all};
pub use staff::{NewStaff, Staff, create_staff};
pub use users::users;
pub(crate) use users::{features_of, find};
