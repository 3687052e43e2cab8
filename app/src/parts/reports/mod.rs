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
mod sales;
mod settings;

pub use asked::{EventsAsked, LinesAsked, RenewalsAsked};
pub use csv::{csv, events_csv, lines_csv, renewals_csv, sales_csv};
pub use pages::{
    Overview, ReportsPage, StoreEventsPage, StoreLinesPage, StoreRenewalsPage, VendorEventsPage,
    VendorLinesPage, VendorRenewalsPage, VendorReportsPage,
};
pub use sales::{StoreSalesPage, VendorSalesPage};
pub use settings::StoreSettingsPage;

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
    /// The vendor's finance one partner's.
    VendorOf(OrgId),
}

impl Reader {
    fn base(self) -> String {
        match self {
            Reader::Partner(org) => format!("/store/{org}/reports"),
            Reader::Vendor | Reader::VendorOf(_) => "/vendor/reports".into(),
        }
    }
    /// The partner the vendor's finance looks at, if at one.
    fn of(self) -> Option<OrgId> {
        match self {
            Reader::VendorOf(partner) => Some(partner),
            Reader::Partner(_) | Reader::Vendor => None,
        }
    }
    /// A page of the reports with these parameters.
    fn at(self, page: &str, mut pairs: Vec<(&'static str, String)>) -> String {
        pairs.extend(self.of().map(|partner| ("partner", partner.to_string())));
        address(&format!("{}{page}", self.base()), pairs)
    }
    /// A report's address.
    fn report(self, query: &ReportQuery) -> String {
        self.at("", query.to_pairs())
    }
    /// Sales by customer, or by partner.
    fn sales(self, query: &ReportQuery) -> String {
        self.at("/sales", query.to_pairs())
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
        self.at("/lines", asked.pairs())
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
        self.at("/customers", pairs)
    }
    fn renewals(self, asked: &RenewalsAsked) -> String {
        self.at("/renewals", asked.pairs())
    }
    /// The list of customers with a filter of its own; of one partner the vendor's finance sees the table of sales.
    fn customers(self, filter: &'static str, value: String) -> String {
        match self {
            Reader::Partner(org) => address(&format!("/store/{org}/customers"), vec![(filter, value)]),
            Reader::Vendor => address("/vendor/customers", vec![(filter, value)]),
            Reader::VendorOf(_) => self.sales(&ReportQuery::default()),
        }
    }
    fn payments(self) -> String {
        let path = match self {
            Reader::Partner(org) => format!("/store/{org}/payments"),
            Reader::Vendor | Reader::VendorOf(_) => "/vendor/payments".into(),
        };
        address(&path, vec![("status", kontor::payment::PaymentStatus::Failed.to_string())])
    }
}
