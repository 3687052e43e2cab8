//! What was bought, renewed, paid and earned, day by day until today: by the programme's own calculations, as its clock
//! would have done it. Everybody pays by transfer: what was bought the same day, what was renewed within its due days.

mod papers;

use super::{
    books::Books,
    contract::{Bought, CURRENCY, ENTITY},
    partners::{Partner, RATE_BP},
};
use crate::seed::{catalogue, dice::Dice};
use kontor::{
    Error,
    catalogue::{BillingEntity, BillingProfile, service::entity},
    commission::{
        Baseline, Deal, Facts, LineState, Moved, Rates as Agreed, SaleKind,
        rows::commission_line,
        service::{Sale as Earning, line_of, moved, posting, released},
        work_out,
    },
    invoice::{
        InvoiceKind, Sale, Tax,
        rows::{invoice, invoice_series},
        service::{TakenBack, collected},
        tax_for,
    },
    kernel::{
        Kontor,
        id::{Id, OrgId},
        instant::{Day, Instant},
    },
    ledger::Posting,
    mapping::CustomerEventKind,
    partner::PartnerStatus,
    payment::{Purpose, rows::payment},
    setting::Policy,
    subscription::{
        change::{Contract, Payer, PriceList, Rates, TaxRate, at_renewal, buy},
        service::issued,
    },
};
use papers::settle;
use std::collections::{BTreeMap, HashMap};

/// Transactions of the ledger that are written in one of the database, at least.
const AT_ONCE: usize = 20_000;
/// Days between two signs of life.
const SIGN: i32 = 50;

/// Writes the past of what was bought.
pub(super) async fn write(
    kontor: &Kontor,
    policy: &Policy,
    dice: &mut Dice,
    (bought, partners): (&[Bought], &[Partner]),
    progress: impl Fn(Day),
) -> Result<(), Error> {
    let now = kontor.now();
    let Some(first) = bought.iter().map(|one| one.first).min() else { return Ok(()) };
    let vendor = entity(kontor.db.read(), ENTITY).await?;
    let tax = tax_for(&vendor.country, vendor.tax_bp, "DE", "");
    let mut past = Past {
        bought,
        profiles: partners.iter().map(|partner| (partner.org, &partner.profile)).collect(),
        policy,
        dice,
        now,
        first,
        prices: catalogue::price_list(CURRENCY),
        rates: Rates {
            discount_bp: RATE_BP,
            partner_tax: TaxRate { bp: tax.bp },
            customer_tax: TaxRate { bp: tax.bp },
        },
        vendor,
        tax,
        calendar: (first.0..=now.day().0).map(|_| Vec::new()).collect(),
        numbers: BTreeMap::new(),
        books: Books::default(),
    };
    for (number, one) in bought.iter().enumerate() {
        past.put(one.first, Event::Term(number, None));
    }
    for day in first.0..=now.day().0 {
        past.live(Day(day))?;
        if past.books.postings.len() >= AT_ONCE || day == now.day().0 {
            let tx = kontor.db.begin().await?;
            std::mem::take(&mut past.books).write(&tx).await?;
            tx.commit().await?;
        }
        if day % SIGN == 0 {
            progress(Day(day));
        }
    }
    let tx = kontor.db.begin().await?;
    for (year, last) in past.numbers {
        invoice_series::next(&tx, ENTITY, InvoiceKind::Invoice, year, last).await?;
    }
    Ok(tx.commit().await?)
}

/// What happens on a day.
enum Event {
    /// The term of a subscription begins, behind the one that ran; the first has none.
    Term(usize, Option<Contract>),
    /// A transfer comes in.
    Payment(Box<Owed>),
    /// Commission becomes available.
    Release(Box<Moved>),
}

/// What a transfer is for.
struct Owed {
    bought: usize,
    invoice: invoice::Model,
    payment: payment::Model,
    contract: Contract,
}

/// The past while it is lived through.
struct Past<'a> {
    bought: &'a [Bought],
    /// Partners' billing details.
    profiles: HashMap<OrgId, &'a BillingProfile>,
    policy: &'a Policy,
    dice: &'a mut Dice,
    now: Instant,
    first: Day,
    prices: PriceList,
    rates: Rates,
    vendor: BillingEntity,
    tax: Tax,
    /// By day, from the first on.
    calendar: Vec<Vec<Event>>,
    /// The last number of each year's invoices.
    numbers: BTreeMap<i32, i64>,
    books: Books,
}

impl Past<'_> {
    /// Lets something happen on a day; never, if it lies ahead.
    fn put(&mut self, day: Day, event: Event) {
        let at = usize::try_from(day.since(self.first)).unwrap_or(usize::MAX);
        if let Some(events) = self.calendar.get_mut(at) {
            events.push(event);
        }
    }

    /// One day: the clock's work in its first hour, what people do at noon.
    fn live(&mut self, day: Day) -> Result<(), Error> {
        let at = usize::try_from(day.since(self.first)).unwrap_or(usize::MAX);
        let events = self.calendar.get_mut(at).map(std::mem::take).unwrap_or_default();
        let (mut clock, mut noon) = (Vec::new(), Vec::new());
        for event in events {
            match event {
                Event::Term(_, Some(_)) | Event::Release(_) => clock.push(event),
                Event::Term(_, None) | Event::Payment(_) => noon.push(event),
            }
        }
        for (n, event) in clock.into_iter().enumerate() {
            self.happen(event, day.start().plus_ms(n as i64 % 60_000))?;
        }
        for (n, event) in noon.into_iter().enumerate() {
            self.happen(event, day.start().plus_hours(12).plus_ms(n as i64 % 3_600_000))?;
        }
        Ok(())
    }

    fn happen(&mut self, event: Event, at: Instant) -> Result<(), Error> {
        match event {
            Event::Term(number, None) => self.buy(number, at),
            Event::Term(number, Some(before)) => self.renew(number, &before, at),
            Event::Payment(owed) => self.collect(*owed, at),
            Event::Release(moved) => self.post(posting(&moved, at)?, at),
        }
    }

    fn post(&mut self, posting: Posting, at: Instant) -> Result<(), Error> {
        self.books.postings.push((self.dice.id(at), posting));
        Ok(())
    }

    /// A first term: bought and paid for the same day.
    fn buy(&mut self, number: usize, at: Instant) -> Result<(), Error> {
        let one = &self.bought[number];
        let quote = buy(&one.terms, one.payer, one.first, &self.prices, &self.rates)?;
        let mut change = self.change(number, &quote, None, at)?;
        let row = self.invoice(number, &quote, (Sale::New, Some(change.id)), at.day(), at)?;
        let mut payment = self.payment(number, &row, at);
        payment.purpose = Purpose::Change;
        payment.change_id = Some(change.id);
        payment.reference = self.bought[number].org.name.clone();
        settle(&mut payment, at);
        change.invoice_id = Some(row.id);
        change.payment_id = Some(payment.id);
        self.keep(number, &row, &payment, change, CustomerEventKind::Bought, at);
        self.post(issued(&row)?, at)?;
        let contract = quote.after;
        self.next_term(number, contract);
        self.collect(Owed { bought: number, invoice: row, payment, contract }, at)
    }

    /// A further term: billed when it begins, paid for later.
    fn renew(&mut self, number: usize, before: &Contract, at: Instant) -> Result<(), Error> {
        let quote = at_renewal(before, None, &self.prices, &self.rates)?;
        let mut change = self.change(number, &quote, Some(*before), at)?;
        let due_on = at.day().plus(self.policy.invoice_due_days);
        let row = self.invoice(number, &quote, (Sale::Renewal, None), due_on, at)?;
        let mut payment = self.payment(number, &row, at);
        change.invoice_id = Some(row.id);
        change.payment_id = Some(payment.id);
        let paid_on = at.day().plus(1 + self.dice.below(12) as i32);
        let paid = paid_on < self.now.day();
        if paid {
            settle(&mut payment, paid_on.start().plus_hours(12));
        }
        self.keep(number, &row, &payment, change, CustomerEventKind::Renewed, at);
        self.post(issued(&row)?, at)?;
        let contract = quote.after;
        self.next_term(number, contract);
        if paid {
            self.put(
                paid_on,
                Event::Payment(Box::new(Owed { bought: number, invoice: row, payment, contract })),
            );
        }
        Ok(())
    }

    fn next_term(&mut self, number: usize, contract: Contract) {
        self.put(contract.ends_on.plus(1), Event::Term(number, Some(contract)));
    }

    /// A transfer comes in: the ledger's entries, and the commission the sale earns.
    fn collect(&mut self, owed: Owed, at: Instant) -> Result<(), Error> {
        let Owed { bought, invoice, payment, contract } = owed;
        self.post(collected(&invoice, &payment, at, TakenBack::default())?, at)?;
        let one = &self.bought[bought];
        if one.payer == Payer::Partner {
            return Ok(());
        }
        let first = invoice.issued_on == one.first;
        let deal = Deal {
            kind: if first { SaleKind::New } else { SaleKind::Renewal },
            payer: invoice.payer,
            currency: invoice.currency,
            base: invoice.net,
            plan: contract.terms.plan,
            term: contract.terms.term,
            seats: contract.terms.seats,
            addon_units: contract.terms.addon_units,
            unit_price: contract.unit_price,
            addon_price: contract.addon_price,
            baseline_unit_price: 0,
            sold_on: invoice.issued_on,
            settled_on: at.day(),
            first_paid_on: (!first).then_some(one.first),
            mapped_since: one.mapped_since,
            baseline: Baseline::default(),
        };
        let facts = Facts {
            deal,
            partner: PartnerStatus::Active,
            own: false,
            rates: Agreed { partner: Some(RATE_BP), ..Agreed::default() },
        };
        let sale = Earning {
            partner: one.partner,
            org: one.org.id,
            subscription: one.subscription,
            invoice: invoice.id,
            cause: invoice.id.uuid(),
            entity: ENTITY.into(),
            deal,
        };
        let mut line = line_of(self.dice.id(at), &sale, &work_out(&facts, self.policy), at)?;
        if let Some(moved) = moved(&line) {
            self.post(posting(&moved, at)?, at)?;
        }
        // The clock looks every hour.
        let free_on = line.available_on.max(at.day().plus(1));
        if free_on <= self.now.day() {
            let free = released(&line);
            line.state = LineState::Available;
            if let Some(moved) = free {
                self.put(free_on, Event::Release(Box::new(moved)));
            }
        }
        self.books.lines.push(commission_line::ActiveModel::from(line));
        Ok(())
    }
}
