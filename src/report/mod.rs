//! Reports: which days are asked for, how they are put together, and what each figure means (domain.md section 11).
//!
//! A day here is the **booking day**: the calendar day a ledger entry was booked in, in the zone of the partner it
//! belongs to, fixed when it is booked ([`Zone::day_of`](crate::kernel::zone::Zone::day_of)). Summaries by day answer
//! any range exactly for zones off UTC too, the vendor's figure of a day is the sum of all partners' figures of that
//! day, and a later change of zone moves nothing that was reported before.

mod bucket;
mod figure;
mod query;
mod record;
#[cfg(feature = "ssr")]
pub mod service;
mod span;

pub use bucket::{Bucket, Group, Label, MOST_BUCKETS};
pub use figure::{CustomerFlow, Recurring, Revenue, growth, retention, share_of};
pub use query::{Period, Preset, ReportQuery, date_faults};
pub use record::{
    CustomerEventPage, CustomerEventRow, CustomerReport, Figure, MoneyReport, RENEWALS_WITHIN, RenewalPage,
    RenewalRow, RenewalSum, Report, Sales, SalesPage, SalesRow, WaitingRenewal,
};
pub use span::{Calendar, Span};
