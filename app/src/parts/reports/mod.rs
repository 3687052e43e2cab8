//! Overview and reports: the same figures for a partner and, over all partners, for the vendor. Every figure leads to the
//! lines it is the sum of.

pub mod api;
mod asked;
mod charts;
mod csv;
mod customers;
mod filters;
mod lists;
mod money;
mod pages;

pub use asked::{EventsAsked, LinesAsked, RenewalsAsked};
pub use csv::csv;
pub use pages::{
    Overview, ReportsPage, StoreEventsPage, StoreLinesPage, StoreRenewalsPage, StoreSettingsPage,
    VendorEventsPage, VendorLinesPage, VendorRenewalsPage, VendorReportsPage,
};

use super::address::address;
use kontor::{
    kernel::{id::OrgId, instant::Day, money::Currency},
    mapping::CustomerEventKind,
    report::{Figure, ReportQuery, Span},
};

/// Whose figures are shown, and to whom: decides where they lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Reader {
    /// A partner its own.
    Partner(OrgId),
    /// The vendor's finance all of them.
    Vendor,
}

impl Reader {
    fn base(self) -> String {
        match self {
            Reader::Partner(org) => format!("/store/{org}/reports"),
            Reader::Vendor => "/vendor/reports".into(),
        }
    }
    /// A report's address.
    fn report(self, query: &ReportQuery) -> String {
        address(&self.base(), query.to_pairs())
    }
    /// The lines behind a figure.
    fn lines(self, figure: Figure, currency: Currency, span: Span) -> String {
        let asked = LinesAsked {
            figure: figure.to_string(),
            currency: currency.to_string(),
            from: span.from.to_string(),
            to: span.last().to_string(),
            after: String::new(),
        };
        address(&format!("{}/lines", self.base()), asked.pairs())
    }
    /// The lines behind a balance of today.
    fn balance(self, figure: Figure, currency: Currency, today: Day) -> String {
        self.lines(figure, currency, Span::of_days(Day(0), today))
    }
    fn events(self, kind: CustomerEventKind, span: Span) -> String {
        let pairs = vec![
            ("kind", kind.to_string()),
            ("from", span.from.to_string()),
            ("to", span.last().to_string()),
        ];
        address(&format!("{}/customers", self.base()), pairs)
    }
    fn renewals(self, within: i32) -> String {
        address(&format!("{}/renewals", self.base()), vec![("within", within.to_string())])
    }
    /// The list of customers with a filter of its own.
    fn customers(self, filter: &'static str, value: String) -> String {
        let path = match self {
            Reader::Partner(org) => format!("/store/{org}/customers"),
            Reader::Vendor => "/vendor/customers".into(),
        };
        address(&path, vec![(filter, value)])
    }
    fn payments(self) -> String {
        let path = match self {
            Reader::Partner(org) => format!("/store/{org}/payments"),
            Reader::Vendor => "/vendor/payments".into(),
        };
        address(&path, vec![("status", kontor::payment::PaymentStatus::Failed.to_string())])
    }
}
