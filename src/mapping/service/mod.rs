//! A partner's customers: one file per use case.

mod answer;
mod ask;
mod ask_many;
mod begin;
mod code;
#[cfg(test)]
mod consent_tests;
mod counters;
mod customers;
#[cfg(test)]
mod customers_test;
mod decide;
mod dispute;
#[cfg(test)]
mod dispute_tests;
mod end;
mod export;
mod find;
mod greeting;
mod largest;
mod leave;
#[cfg(test)]
mod plans_test;
mod refresh;
#[cfg(test)]
mod refresh_test;
mod release;
mod request_clock;
mod take;
mod token;

pub use answer::{answer, consents};
pub use ask::{ask, map_page, take_back};
pub use ask_many::ask_many;
pub use begin::begin;
pub use code::{by_code, change_code, map_by_code};
pub use counters::{CountersReport, rebuild_counters, verify_counters};
pub use customers::customers;
pub use decide::{decide_dispute, dispute_detail, dispute_file, dispute_queue};
pub use dispute::{disputes, open_dispute, withdraw_dispute};
pub use export::{all_customers, listed, matching};
pub(crate) use find::named;
pub use greeting::greeting;
pub use largest::largest_list;
pub use leave::leave_partner;
pub use refresh::{refresh, refresh_after, refresh_all};
pub use release::{keep_customer, notice, notice_over, release_customer};
pub use request_clock::request_clock;
pub use token::{make_token, use_token, withdraw_token};

use crate::kernel::{Kontor, id::OrgId};

/// Has everybody look again who looks at a customer whose mapping changed.
fn told(kontor: &Kontor, org: OrgId, partners: &[OrgId]) {
    kontor.hub.tell(org, "delegation");
    kontor.hub.tell(org, "subscription");
    for partner in partners {
        kontor.hub.tell(*partner, "customer");
    }
}
