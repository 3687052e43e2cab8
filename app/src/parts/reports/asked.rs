//! What the lists behind figures are asked for, as it stands in their addresses.

#[cfg(feature = "ssr")]
use kontor::{
    Error,
    kernel::{Kontor, actor::Actor, id::OrgId, money::Money},
    ledger::LinePage,
    report::{CustomerEventPage, RenewalPage, Span, service},
    subscription::change::Payer,
};
use kontor::{
    FieldError,
    kernel::{instant::Day, money::Currency},
    mapping::CustomerEventKind,
    report::{Figure, date_faults},
};
use serde::{Deserialize, Serialize};

/// The lines behind a figure. Everything is text as in the address: what cannot be read is answered as such.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LinesAsked {
    /// Key of the [`Figure`].
    pub figure: String,
    /// Key of the [`Currency`].
    pub currency: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Behind which line the page begins.
    pub after: String,
}

/// What renews.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RenewalsAsked {
    /// Within how many days.
    pub within: String,
    /// Only what this one pays: a key of [`Payer`].
    pub payer: String,
    /// Only in this one: a key of [`Currency`].
    pub currency: String,
    /// Behind which day and row the page begins: `2026-11-24.17`.
    pub after: String,
}

/// What happened to customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventsAsked {
    /// Key of the [`CustomerEventKind`].
    pub kind: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Behind which day and event the page begins.
    pub after: String,
}

/// The fields of an address that have a value.
pub fn pairs<const N: usize>(fields: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    fields.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k, v.to_owned())).collect()
}

impl LinesAsked {
    /// The figure; net revenue if the address names none.
    pub fn figure(&self) -> Figure {
        Figure::from_key(&self.figure).unwrap_or(Figure::Net)
    }
    /// The currency; euros if the address names none.
    pub fn currency(&self) -> Currency {
        Currency::from_key(&self.currency).unwrap_or(Currency::Eur)
    }
    /// The days, if the address names two in order.
    pub fn days(&self) -> Option<(Day, Day)> {
        days(&self.from, &self.to)
    }
    /// What is wrong with the days the address names.
    pub fn faults(&self) -> Vec<FieldError> {
        faults(&self.from, &self.to)
    }
    /// The fields of its address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        pairs([
            ("figure", &self.figure),
            ("currency", &self.currency),
            ("from", &self.from),
            ("to", &self.to),
            ("after", &self.after),
        ])
    }
    #[cfg(feature = "ssr")]
    pub async fn answer(
        &self,
        kontor: &Kontor,
        actor: &Actor,
        owner: Option<OrgId>,
    ) -> Result<(LinePage, Money), Error> {
        sound(self.faults())?;
        let asked = (self.figure(), self.currency());
        service::lines(kontor, actor, owner, asked, span(self.days()), after(&self.after)?).await
    }
}

impl RenewalsAsked {
    /// Within how many days; the shortest distance if the address says nothing of use.
    pub fn within(&self) -> i32 {
        let asked = self.within.parse().ok();
        let known = asked.filter(|days| kontor::report::RENEWALS_WITHIN.contains(days));
        known.unwrap_or(kontor::report::RENEWALS_WITHIN[1])
    }
    /// The fields of its address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        pairs([
            ("within", &self.within),
            ("payer", &self.payer),
            ("currency", &self.currency),
            ("after", &self.after),
        ])
    }
    #[cfg(feature = "ssr")]
    pub async fn answer(
        &self,
        kontor: &Kontor,
        actor: &Actor,
        owner: Option<OrgId>,
    ) -> Result<RenewalPage, Error> {
        let place = match self.after.split_once('.') {
            Some((day, row)) => Some((read(day)?, read(row)?)),
            None => None,
        };
        let asked = (self.within(), Payer::from_key(&self.payer), Currency::from_key(&self.currency));
        service::renewals(kontor, actor, owner, asked, place).await
    }
}

impl EventsAsked {
    /// What happened; new customers if the address does not say.
    pub fn kind(&self) -> CustomerEventKind {
        CustomerEventKind::from_key(&self.kind).unwrap_or(CustomerEventKind::New)
    }
    /// The days, if the address names two in order.
    pub fn days(&self) -> Option<(Day, Day)> {
        days(&self.from, &self.to)
    }
    /// What is wrong with the days the address names.
    pub fn faults(&self) -> Vec<FieldError> {
        faults(&self.from, &self.to)
    }
    /// The fields of its address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        pairs([("kind", &self.kind), ("from", &self.from), ("to", &self.to), ("after", &self.after)])
    }
    #[cfg(feature = "ssr")]
    pub async fn answer(
        &self,
        kontor: &Kontor,
        actor: &Actor,
        owner: Option<OrgId>,
    ) -> Result<CustomerEventPage, Error> {
        sound(self.faults())?;
        let place = match self.after.split_once('.') {
            Some((day, event)) => Some((read(day)?, read(event)?)),
            None => None,
        };
        service::customer_events(kontor, actor, owner, self.kind(), span(self.days()), place).await
    }
}

/// Addresses without days ask for all there are, those with days for no others; a balance's begin with the calendar.
fn faults(from: &str, to: &str) -> Vec<FieldError> {
    match (from.is_empty() && to.is_empty()) || days(from, to).is_some() {
        true => Vec::new(),
        false => date_faults(from, to),
    }
}

fn days(from: &str, to: &str) -> Option<(Day, Day)> {
    let (from, to): (Day, Day) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then_some((from, to))
}

/// The days asked for; without any, all there are.
#[cfg(feature = "ssr")]
fn span(days: Option<(Day, Day)>) -> Span {
    let (from, to) = days.unwrap_or((Day(0), Day::LAST));
    Span::of_days(from, to)
}

#[cfg(feature = "ssr")]
fn sound(faults: Vec<FieldError>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(feature = "ssr")]
fn read<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::BadRequest)
}

#[cfg(feature = "ssr")]
fn after<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Error> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}
