//! A partner, its customer on a trial, the vendor's finance and a catalogue: where every test of the money begins.

use super::*;

pub(crate) struct Scene<'a> {
    pub bench: &'a Bench,
    pub finance: Actor,
    pub partner: Actor,
    pub customer: Actor,
    pub org: OrgId,
}

impl<'a> Scene<'a> {
    pub async fn set(bench: &'a Bench) -> Scene<'a> {
        let vendor = stage::organisation(bench, OrgKind::Vendor, "Vendor").await;
        let finance = stage::person(bench, vendor, Role::VendorFinance, "finance@vendor.test").await;
        let (partner, owner) = stage::partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let owner = stage::actor(bench, &owner, partner).await;
        catalogue(bench).await;
        let org = stage::customer(bench, &owner, "kunde.test").await;
        let admin = stage::super_admin(bench, org).await;
        let customer = stage::actor(bench, &admin, org).await;
        let finance = stage::actor(bench, &finance, vendor).await;
        for id in [partner, org] {
            profile(bench, id).await;
        }
        Scene { bench, finance, partner: owner, customer, org }
    }

    pub async fn card(&self, actor: &Actor, script: &str) {
        payments::add_method(&self.bench.kontor, actor, Provider::Scripted, script).await.unwrap();
    }

    /// The form a reader sends after having seen the preview.
    pub async fn form(&self, actor: &Actor, wish: ChangeForm) -> ChangeForm {
        self.form_for(actor, self.org, wish).await
    }

    /// The same for another of the partner's customers.
    pub async fn form_for(&self, actor: &Actor, org: OrgId, wish: ChangeForm) -> ChangeForm {
        let seen = preview(&self.bench.kontor, actor, org, &wish).await.unwrap();
        ChangeForm {
            total: seen.quote.map_or(0, |q| q.total).to_string(),
            version: seen.version.to_string(),
            request_key: seen.request_key,
            ..wish
        }
    }

    pub async fn row(&self) -> subscription::Model {
        self.row_of(self.org).await
    }

    pub async fn row_of(&self, org: OrgId) -> subscription::Model {
        rows::<subscription::Entity>(self.bench).await.into_iter().find(|s| s.org_id == org).unwrap()
    }

    pub async fn balance(&self, account: Book) -> i64 {
        let db = self.bench.kontor.db.read();
        let all = balances_of(db, EVERYBODY, &[account]).await.unwrap();
        all.iter().map(|balance| balance.amount.minor).sum()
    }

    /// Every invariant that holds at any time.
    pub async fn sound(&self) {
        let report = verify_ledger(&self.bench.kontor).await.unwrap();
        assert!(report.is_clean(), "{}: {report:?}", self.bench.name);
        let paid: i64 = rows::<payment::Entity>(self.bench)
            .await
            .iter()
            .filter(|p| p.provider == Provider::Scripted && came_in(p.status))
            .filter(|p| p.provider == Provider::Scripted && p.settled_at.is_some() && p.failure.is_none())
            .map(|p| p.amount)
            .sum();
        // What came for a payment that was given up went back.
        let late: i64 = rows::<refund::Entity>(self.bench)
            .await
            .iter()
            .filter(|r| r.kind == RefundKind::Late && r.status == RefundStatus::Succeeded)
            .filter(|r| self.bench.outside.charged().iter().any(|(key, _)| *key == r.payment_id.to_string()))
            .map(|r| r.amount)
            .sum();
        let charged: i64 = self.bench.outside.charged().iter().map(|(_, m)| m.minor).sum();
        assert_eq!(paid + late, charged, "{}: what the provider took is what we booked", self.bench.name);
        for reader in [&self.partner, &self.finance] {
            figures_are_their_lines(self.bench, reader, &ReportQuery::default()).await;
        }
        assert!(verify_counters(&self.bench.kontor).await.unwrap().is_clean(), "{}", self.bench.name);
    }

    /// Does what is due, until nothing is: what a worker does.
    pub async fn work(&self) {
        let kontor = &self.bench.kontor;
        loop {
            let mut done = 0;
            for job in claim(kontor, 1000).await.unwrap() {
                match job.kind {
                    JobKind::Payment => payments::watch_payment(kontor, &job).await.unwrap(),
                    JobKind::Refund => payments::watch_refund(kontor, &job).await.unwrap(),
                    JobKind::ForgetCard => payments::forget_card(kontor, &job).await.unwrap(),
                    JobKind::Dunning => dunning(kontor, &job).await.unwrap(),
                    JobKind::Billing => billing(kontor, &job).await.unwrap(),
                    JobKind::Bulk => crate::bulk::service::bulk(kontor, &job).await.unwrap(),
                    _ => continue,
                }
                done += 1;
            }
            if done == 0 {
                return;
            }
        }
    }

    pub async fn next_days(&self, days: i64) {
        self.bench.clock.set(self.bench.kontor.now().plus_days(days));
    }
}

/// Whether the provider took the money, whatever a bank did with it afterwards.
fn came_in(status: PaymentStatus) -> bool {
    use PaymentStatus::{Disputed, Lost, Succeeded, Won};
    matches!(status, Succeeded | Disputed | Lost | Won)
}

pub(crate) fn wish(plan: Plan, term: Term, seats: i64) -> ChangeForm {
    ChangeForm {
        plan: plan.to_string(),
        term: term.to_string(),
        seats: seats.to_string(),
        when: "now".into(),
        ..ChangeForm::default()
    }
}
